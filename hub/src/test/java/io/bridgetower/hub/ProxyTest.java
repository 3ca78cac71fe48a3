package io.bridgetower.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.testing.ForkedJvm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads through a proxy. */
class ProxyTest {
    /** Is reached through the proxy alone: no resolver knows it. */
    private static final String ENDPOINT = "http://hub.invalid";

    private static final String SECURE_ENDPOINT = "https://hub.invalid";
    private static final Duration LONG = Duration.ofSeconds(20);

    /** user:secret */
    private static final String CREDENTIALS = "Basic dXNlcjpzZWNyZXQ=";

    private static final String BASIC_FOR_TUNNELS = "-Djdk.http.auth.tunneling.disabledSchemes=";

    @TempDir
    private Path cache;

    private FakeHub hub;
    private FakeProxy proxy;

    @BeforeEach
    void open() throws IOException {
        hub = FakeHub.ofModel();
        proxy = new FakeProxy(hub.endpoint());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        hub.close();
    }

    @Test
    void everyRequestGoesThroughTheProxy() throws IOException {
        Path snapshot = locate(ENDPOINT, proxy.address(), "");
        assertArrayEquals(hub.files.get("tokenizer.json"), Files.readAllBytes(snapshot.resolve("tokenizer.json")));
        assertEquals(hub.requests.size(), proxy.requests.size());
        String first = "HEAD http://hub.invalid/org/model/resolve/main/config.json HTTP/1.1";
        assertEquals(first, proxy.requests.getFirst());
    }

    @Test
    void exceptionsGoPastIt() throws IOException {
        locate(hub.endpoint().toString(), "http://user:secret@" + proxy.address(), "127.0.0.0/8");
        assertEquals(List.of(), proxy.requests);
        assertTrue(hub.count("HEAD") > 0);
    }

    @Test
    void passwordsAreSentToTheProxyAlone() throws IOException {
        proxy.demanded = CREDENTIALS;
        locate(ENDPOINT, "http://user:secret@" + proxy.address(), "");
        assertEquals(hub.requests.size(), proxy.requests.size());
        cache = cache.resolve("other");
        locate(hub.endpoint().toString(), "http://user:secret@" + proxy.address(), "127.0.0.1");
        assertEquals(List.of(), hub.proxyAuthorizations);
    }

    @Test
    void aProxyThatWantsAPasswordSaysSo() {
        proxy.demanded = CREDENTIALS;
        HubException e = assertThrows(HubException.class, () -> locate(ENDPOINT, proxy.address(), ""));
        assertEquals(HubException.Kind.UNREACHABLE, e.kind());
        assertTrue(
                e.getMessage().contains("cannot reach hub.invalid: the proxy " + proxy.address() + " demands a user"),
                e.getMessage());
        e = assertThrows(HubException.class, () -> locate(ENDPOINT, "http://user:wrong@" + proxy.address(), ""));
        assertTrue(e.getMessage().contains("does not accept the user and the password"), e.getMessage());
        assertFalse(e.getMessage().contains("wrong"), e.getMessage());
    }

    @Test
    void aProxyThatCannotBeReachedIsNamed() throws IOException {
        proxy.close();
        HubException e = assertThrows(HubException.class, () -> locate(ENDPOINT, proxy.address(), ""));
        assertTrue(
                e.getMessage().contains("cannot reach hub.invalid through the proxy " + proxy.address()),
                e.getMessage());
    }

    @Test
    void aTunnelIsAskedForWithThePasswordWhereJavaMaySendIt() throws IOException {
        proxy.demanded = CREDENTIALS;
        String found = run(BASIC_FOR_TUNNELS, SECURE_ENDPOINT, cache, 20, "http://user:secret@" + proxy.address());
        assertTrue(found.contains("502"), found);
        assertTrue(proxy.requests.contains("CONNECT hub.invalid:443 HTTP/1.1"), proxy.requests.toString());
        found = run("-Dx=y", SECURE_ENDPOINT, cache, 20, "http://user:secret@" + proxy.address());
        assertTrue(found.contains("only if it is started with " + BASIC_FOR_TUNNELS), found);
    }

    @Test
    void propertiesOfJavaGoFirst() throws IOException {
        String port = proxy.address().replaceFirst(".*:", "");
        String host = "-Dhttp.proxyHost=127.0.0.1";
        String found = run(host, "-Dhttp.proxyPort=" + port, ENDPOINT, cache, 20);
        assertTrue(found.contains(cache.toString()), found);
        int requests = proxy.requests.size();
        assertTrue(requests > 0);
        String direct = "-Dhttp.nonProxyHosts=127.0.0.1";
        found = run(host, "-Dhttp.proxyPort=1", direct, hub.endpoint(), cache.resolve("other"), 20, proxy.address());
        assertTrue(found.contains(cache.resolve("other").toString()), found);
        assertEquals(requests, proxy.requests.size());
    }

    /** @param arguments options of the virtual machine first */
    private static String run(Object... arguments) throws IOException {
        ForkedJvm jvm = new ForkedJvm(ForkedLocate.class).megabytes(64);
        int options = 0;
        while (arguments[options].toString().startsWith("-")) jvm.option(arguments[options++].toString());
        return jvm.run(List.of(arguments).subList(options, arguments.length).toArray());
    }

    private Path locate(String endpoint, String address, String exceptions) throws IOException {
        ProxySettings proxies = new ProxySettings(address, address, exceptions);
        HubSettings settings = new HubSettings(URI.create(endpoint), cache, null, false, LONG, LONG, proxies);
        return new Hub(settings, Progress.NONE, new Pace(_ -> {}, LONG)).locateProcessor(FakeHub.MODEL, Hub.MAIN);
    }
}
