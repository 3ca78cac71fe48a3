package io.bridgetower.cli.options;

import io.bridgetower.cli.terminal.Streams;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model of the commands that need its weights and have no default for it. */
public final class ModelDirectory {
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

    @Mixin
    private WeightsVariant variant;

    /** The directory of the whole model, which may have to be downloaded. */
    public Path path(Streams streams) throws IOException {
        return revision.locate(model, variant, streams);
    }

    /** The variant of its weights, or null. */
    public String variant() {
        return variant.name();
    }
}
