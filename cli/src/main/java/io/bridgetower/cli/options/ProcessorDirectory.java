package io.bridgetower.cli.options;

import io.bridgetower.cli.terminal.Streams;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model of the commands that need no more of it than the tokenizer or the image processor. */
public final class ProcessorDirectory {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "${env:BRIDGETOWER_MODEL}",
            required = true,
            description = "Directory in Hugging Face's layout, or a name on the Hub, such as"
                    + " BridgeTower/bridgetower-large-itm-mlm-itc. If not given, the value of"
                    + " BRIDGETOWER_MODEL.")
    private String model;

    @Mixin
    private HubRevision revision;

    /** The directory, which may have to be downloaded without the weights. */
    public Path path(Streams streams) throws IOException {
        return revision.locateProcessor(model, streams);
    }
}
