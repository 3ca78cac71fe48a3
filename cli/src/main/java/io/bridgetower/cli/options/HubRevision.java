package io.bridgetower.cli.options;

import io.bridgetower.cli.progress.DownloadBar;
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

    public Path locate(String model, WeightsVariant variant) throws IOException {
        return Hub.isName(model) ? hub().locate(model, revision, variant.name()) : Path.of(model);
    }

    Path locateProcessor(String model) throws IOException {
        return Hub.isName(model) ? hub().locateProcessor(model, revision) : Path.of(model);
    }

    public Path pull(String model, WeightsVariant variant) throws IOException {
        return hub().pull(model, revision, variant.name());
    }

    private static Hub hub() {
        return new Hub(HubSettings.ofEnvironment(), DownloadBar.ofProcess());
    }
}
