package io.bridgetower.cli.model;

import io.bridgetower.cli.options.HubRevision;
import io.bridgetower.cli.options.WeightsVariant;
import io.bridgetower.cli.terminal.Streams;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bridgetower pull}. */
@Command(
        name = "pull",
        description = {
            "Download a model of the Hugging Face Hub ahead of time, to the cache that Python's libraries share, and"
                    + " print its directory.",
            "HF_HOME or HF_HUB_CACHE names another cache, HF_TOKEN a token for private models, HF_ENDPOINT another"
                    + " server; HF_HUB_OFFLINE=1 keeps all commands from downloading."
        },
        footerHeading = "%nExamples:%n",
        footer = "  bridgetower pull BridgeTower/bridgetower-large-itm-mlm-itc")
public final class PullCommand implements Callable<Void> {
    private final Streams streams;

    @Parameters(paramLabel = "MODEL", description = "Name of the form organisation/name.")
    private String model;

    @Mixin
    private HubRevision revision;

    @Mixin
    private WeightsVariant variant;

    public PullCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException {
        Path directory = revision.pull(model, variant, streams);
        Writer out = streams.writer();
        out.write(directory + "\n");
        out.flush();
        return null;
    }
}
