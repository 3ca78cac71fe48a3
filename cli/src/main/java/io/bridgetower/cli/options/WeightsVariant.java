package io.bridgetower.cli.options;

import picocli.CommandLine.Option;

/** Which of the weights of a model are meant. */
public final class WeightsVariant {
    @Option(
            names = "--variant",
            paramLabel = "VARIANT",
            description = "Variant of the weights, such as fp16 for model.fp16.safetensors; those without one if not"
                    + " given.")
    private String variant;

    /** Null if none was given. */
    public String name() {
        return variant;
    }
}
