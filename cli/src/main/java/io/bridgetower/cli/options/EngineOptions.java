package io.bridgetower.cli.options;

import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.model.ModelOptions;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command computes. */
public final class EngineOptions {
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
        options = options.withThreads(threads);
    }

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            description = "How weights are held in memory: f32, or bf16 for half the memory and three digits.")
    private void setWeights(String type) {
        options = options.withWeights(
                switch (type.toLowerCase(Locale.ROOT)) {
                    case "f32" -> WeightPrecision.F32;
                    case "bf16" -> WeightPrecision.BF16;
                    default ->
                        throw new ParameterException(
                                command.commandLine(), "--weights: expected f32 or bf16, found " + type);
                });
    }

    public ModelOptions modelOptions() {
        return options;
    }
}
