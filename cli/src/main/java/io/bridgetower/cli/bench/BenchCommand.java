package io.bridgetower.cli.bench;

import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.ModelOptions;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bridgetower bench}. */
@Command(
        name = "bench",
        description = "Measure what this machine does with a model: latency of one pair, pairs per second in batches,"
                + " of one image with many texts and of several callers at once, memory. Run it on an idle machine.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower bench --model DIR --threads 4",
            "  bridgetower bench --model DIR --precision bf16 --json"
        })
public final class BenchCommand implements Callable<Void> {
    private static final int MAX_PAIRS = 1024;
    private static final int MAX_SECONDS = 3600;

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOrDemo model;

    @Mixin
    private EngineOptions engine;

    @Option(names = "--batch", paramLabel = "PAIRS", description = "Pairs in a batch; ${DEFAULT-VALUE} if not given.")
    private int batch = 8;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "How long each measurement goes on; ${DEFAULT-VALUE} if not given.")
    private int seconds = 10;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public BenchCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        check("--batch", batch, MAX_PAIRS);
        check("--seconds", seconds, MAX_SECONDS);
        ModelOptions options = engine.modelOptions().withVariant(model.variant());
        Capacity capacity = Capacity.measure(model.path(streams), options, batch, seconds);
        if (json) {
            CapacityJson.write(capacity, streams.out());
        } else {
            Writer out = streams.writer();
            CapacityTable.write(capacity, out);
            out.flush();
        }
        return null;
    }

    private void check(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new ParameterException(spec.commandLine(), option + ": expected 1 to " + most + ", found " + value);
        }
    }
}
