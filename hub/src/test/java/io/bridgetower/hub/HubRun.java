package io.bridgetower.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** Downloads the model of a {@link FakeHub} in a process of its own. */
final class HubRun {
    private HubRun() {}

    public static void main(String[] args) throws IOException {
        HubSettings settings = new HubSettings(URI.create(args[0]), Path.of(args[1]), null, false);
        new Hub(settings, Progress.NONE).locate(FakeHub.MODEL, Hub.MAIN);
    }
}
