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
    private static final int MAX_THREADS = 1024;
    private static final String THREADS_VARIABLE = "BRIDGETOWER_THREADS";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The value of the variable; null if it is not set. */
    private final String variable;

    private ModelOptions options = ModelOptions.defaults();
    private boolean hasThreads;

    public EngineOptions() {
        this(System.getenv(THREADS_VARIABLE));
    }

    EngineOptions(String variable) {
        this.variable = variable;
    }

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads to compute with. If not given, the value of BRIDGETOWER_THREADS, or else as many as"
                    + " there are processors.")
    private void setThreads(String threads) {
        options = options.withThreads(threads("--threads", threads));
        hasThreads = true;
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
                    default -> throw misuse("--weights: expected f32 or bf16, found " + type);
                });
    }

    /** @throws ParameterException if the environment holds an invalid number of threads */
    public ModelOptions modelOptions() {
        if (hasThreads || variable == null || variable.isEmpty()) return options;
        return options.withThreads(threads(THREADS_VARIABLE, variable));
    }

    private int threads(String source, String value) {
        try {
            int threads = Integer.parseInt(value);
            if (threads >= 1 && threads <= MAX_THREADS) return threads;
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw misuse(source + ": expected 1 to " + MAX_THREADS + ", found " + value);
    }

    private ParameterException misuse(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
