package io.bridgetower.cli;

import io.bridgetower.model.ModelOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many threads a command computes with. */
final class ThreadsOption {
    private static final int MOST = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private ModelOptions options = ModelOptions.defaults();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads to compute with; as many as there are processors if not given.")
    private void setThreads(int threads) {
        if (threads < 1 || threads > MOST) {
            throw new ParameterException(
                    command.commandLine(), "--threads: expected 1 to " + MOST + ", found " + threads);
        }
        options = new ModelOptions(threads);
    }

    ModelOptions modelOptions() {
        return options;
    }
}
