package io.bridgetower.cli.model;

import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower info}. */
@Command(
        name = "info",
        description = "Show what a model directory holds and what running it takes, without running it.",
        footerHeading = "%nExamples:%n",
        footer = {"  bridgetower info --model DIR", "  bridgetower info --model DIR --json"})
public final class InfoCommand implements Callable<Void> {
    private final Streams streams;

    @Mixin
    private ModelOrDemo model;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public InfoCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        try (Checkpoint checkpoint = Checkpoint.open(model.path(streams), model.variant())) {
            ModelInfo info = ModelInfo.of(checkpoint);
            if (json) {
                InfoJson.write(info, streams.out());
            } else {
                Writer out = streams.writer();
                InfoTable.write(info, out);
                out.flush();
            }
        }
        return null;
    }
}
