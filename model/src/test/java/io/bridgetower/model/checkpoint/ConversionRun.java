package io.bridgetower.model.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** Converts a model in a process of its own, so that its heap can be limited. */
final class ConversionRun {
    private ConversionRun() {}

    public static void main(String[] args) throws IOException {
        Conversion.run(Path.of(args[0]), Path.of(args[1]), Conversion.Target.BF16);
    }
}
