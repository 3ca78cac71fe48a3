package io.bridgetower.cli.options;

import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.hub.Hub;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model of the commands that anybody can try on the demo model. */
public final class ModelOrDemo {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "${env:BRIDGETOWER_MODEL}",
            description = "Directory in Hugging Face's layout, or a name on the Hub, such as"
                    + " BridgeTower/bridgetower-large-itm-mlm-itc. If not given, the value of"
                    + " BRIDGETOWER_MODEL, or else a small demo model that knows coloured shapes.")
    private String model;

    @Mixin
    private HubRevision revision;

    @Mixin
    private WeightsVariant variant;

    /** The directory of the model, which may have to be downloaded. */
    public Path path(Streams streams) throws IOException, Failure {
        return model != null ? revision.locate(model, variant, streams) : DemoModel.directory();
    }

    /** What finds it again from anywhere: its name on the Hub, or else an absolute path. */
    public String name() throws Failure {
        if (model != null && Hub.isName(model)) return model;
        return (model == null ? DemoModel.directory() : Path.of(model))
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    /** The variant of its weights, or null. */
    public String variant() {
        return variant.name();
    }

    public boolean isDemo() {
        return model == null;
    }
}
