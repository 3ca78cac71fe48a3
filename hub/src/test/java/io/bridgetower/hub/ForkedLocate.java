package io.bridgetower.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Locates a processor in a process of its own, and prints where it is or why it is not. */
final class ForkedLocate {
    private ForkedLocate() {}

    /** @param args the endpoint, the cache, seconds of patience, and a proxy if there is one */
    public static void main(String[] args) {
        Duration timeout = Duration.ofSeconds(Integer.parseInt(args[2]));
        ProxySettings proxies = args.length < 4 ? ProxySettings.NONE : new ProxySettings(args[3], args[3], "");
        HubSettings settings =
                new HubSettings(URI.create(args[0]), Path.of(args[1]), null, false, timeout, timeout, proxies);
        try {
            Pace pace = new Pace(_ -> {}, timeout);
            System.out.println(new Hub(settings, Progress.NONE, pace).locateProcessor(FakeHub.MODEL, Hub.MAIN));
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }
}
