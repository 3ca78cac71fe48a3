package io.bridgetower.engine;

import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.util.concurrent.Callable;

/** Touches the engine in several ways and prints the exception of each. */
final class VectorWidthRun {
    private VectorWidthRun() {}

    public static void main(String[] args) {
        print(VectorWidth::bits);
        print(() -> new Workspace(Workers.CALLER));
        print(() -> Tensor.allocate(1));
        print(VectorWidth::bits);
    }

    private static void print(Callable<?> call) {
        try {
            System.out.println(call.call());
        } catch (Throwable e) {
            System.out.println(e);
        }
    }
}
