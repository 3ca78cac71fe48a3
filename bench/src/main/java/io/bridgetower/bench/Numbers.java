package io.bridgetower.bench;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.runtime.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Operands for benchmarks. */
final class Numbers {
    private Numbers() {}

    static Tensor random(Arena arena, int... shape) {
        Tensor tensor = Tensor.allocate(arena, shape);
        fill(Matrix.of(tensor), new Random(1));
        return tensor;
    }

    static void fill(Matrix matrix, Random random) {
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                long at = matrix.rowOffset(row) + (long) column * Float.BYTES;
                matrix.segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, random.nextFloat() - 0.5f);
            }
        }
    }
}
