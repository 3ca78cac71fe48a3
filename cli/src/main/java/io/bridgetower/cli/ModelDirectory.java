package io.bridgetower.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The model directory of the commands that take no other. */
final class ModelDirectory {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description = "Model directory in Hugging Face's layout.")
    private Path path;

    Path path() {
        return path;
    }
}
