package io.bridgetower.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The model directory of the commands that anybody can try on the demo model. */
final class ModelOrDemo {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "Model directory in Hugging Face's layout. If not given, a small demo model that knows coloured"
                            + " shapes.")
    private Path path;

    Path path() throws Failure {
        return path != null ? path : DemoModel.directory();
    }

    boolean isDemo() {
        return path == null;
    }
}
