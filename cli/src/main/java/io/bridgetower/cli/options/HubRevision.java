package io.bridgetower.cli.options;

import io.bridgetower.cli.progress.DownloadBar;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.hub.Hub;
import io.bridgetower.hub.HubSettings;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which revision of a model is meant, and how to get it. */
public final class HubRevision {
    @Option(
            names = "--revision",
            paramLabel = "REVISION",
            defaultValue = Hub.MAIN,
            description = "Branch, tag or commit of a model on the Hub; ${DEFAULT-VALUE} if not given.")
    private String revision;

    public Path locate(String model, WeightsVariant variant, Streams streams) throws IOException {
        checkIsNotEmpty(model);
        return Hub.isName(model) ? hub(streams).locate(model, revision, variant.name()) : Path.of(model);
    }

    Path locateProcessor(String model, Streams streams) throws IOException {
        checkIsNotEmpty(model);
        return Hub.isName(model) ? hub(streams).locateProcessor(model, revision) : Path.of(model);
    }

    public Path pull(String model, WeightsVariant variant, Streams streams) throws IOException {
        return hub(streams).pull(model, revision, variant.name());
    }

    /** An empty path would be the current directory. */
    private static void checkIsNotEmpty(String model) {
        if (model.isEmpty()) {
            throw new IllegalArgumentException(
                    "--model or BRIDGETOWER_MODEL: expected a directory or a name on the Hub, found an empty text");
        }
    }

    private static Hub hub(Streams streams) {
        return new Hub(HubSettings.ofEnvironment(), DownloadBar.of(streams.progress()));
    }
}
