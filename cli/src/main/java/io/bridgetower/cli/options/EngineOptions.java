package io.bridgetower.cli.options;

import io.bridgetower.engine.ProductPrecision;
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
    private static final double DEFAULT_MAX_ERROR = 1e-4;
    private static final String THREADS_VARIABLE = "BRIDGETOWER_THREADS";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The value of the variable; null if it is not set. */
    private final String variable;

    private ModelOptions options = ModelOptions.defaults();
    private boolean hasThreads;
    private boolean isAutomatic;

    /** Null if it is not given. */
    private Double maxError;

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

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            description =
                    "How exactly matrices are multiplied: f32; bf16, with three digits; bf16x3, with five; bf16x6, as"
                            + " exactly as f32; or auto for the fastest here with an error of at most --max-error."
                            + " Processors with units for bf16 are faster with it, others slower.")
    private void setPrecision(String type) {
        isAutomatic = type.equalsIgnoreCase("auto");
        if (!isAutomatic) options = options.withPrecision(precision(type));
    }

    @Option(
            names = "--max-error",
            paramLabel = "ERROR",
            description =
                    "Largest error that --precision auto may choose, as a part of a result's largest element. Default:"
                            + " 1e-4.")
    private void setMaxError(double error) {
        if (!(error > 0)) throw misuse("--max-error: expected a number above 0, found " + error);
        maxError = error;
    }

    /** @throws ParameterException if the environment holds an invalid number of threads, or options do not fit */
    public ModelOptions modelOptions() {
        if (maxError != null && !isAutomatic) throw misuse("--max-error goes with --precision auto");
        double allowed = maxError == null ? DEFAULT_MAX_ERROR : maxError;
        ModelOptions result = isAutomatic ? options.withPrecision(ModelOptions.fastest(allowed)) : options;
        if (hasThreads || variable == null || variable.isEmpty()) return result;
        return result.withThreads(threads(THREADS_VARIABLE, variable));
    }

    private ProductPrecision precision(String type) {
        for (ProductPrecision precision : ProductPrecision.values()) {
            if (precision.name().equalsIgnoreCase(type)) return precision;
        }
        throw misuse("--precision: expected f32, bf16, bf16x3, bf16x6 or auto, found " + type);
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
