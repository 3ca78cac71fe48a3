package io.bridgetower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.bridgetower.processor.image.raster.ImageLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteImagesTest {
    private static final ImageLimits LIMITS = new ImageLimits(1 << 20, 1 << 20);

    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;
    private String root;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Thread::startVirtualThread);
        server.createContext("/image.png", exchange -> answer(exchange, Files.readAllBytes(Demo.path(1))));
        server.createContext("/long", exchange -> answer(exchange, new byte[(1 << 20) + 1]));
        server.createContext("/text", exchange -> answer(exchange, new byte[] {1, 2, 3}));
        server.createContext("/moved", exchange -> redirect(exchange, "/image.png"));
        server.createContext("/away", exchange -> redirect(exchange, "https://elsewhere.example/image.png"));
        server.createContext("/loop", exchange -> redirect(exchange, "/loop"));
        server.createContext("/silent", _ -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        root = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
    }

    @Test
    void downloadsWhatThePolicyAllows() throws IOException {
        try (RemoteImages images = local(Duration.ofSeconds(60))) {
            assertEquals(
                    Demo.image(1).contentHash(),
                    images.read(URI.create(root + "/image.png")).contentHash());
            assertEquals(
                    Demo.image(1).contentHash(),
                    images.read(URI.create(root + "/moved")).contentHash());
        }
    }

    @Test
    void refusesWithAMessageThatNamesTheAddress() {
        try (RemoteImages images = local(Duration.ofSeconds(60))) {
            assertRefused(images, root + "/long", "body exceeds capacity");
            assertRefused(images, root + "/text", "not an image");
            assertRefused(images, root + "/none", "404");
            assertRefused(images, root + "/away", "elsewhere.example is not allowed");
            assertRefused(images, root + "/loop", "more than 3 redirects");
            assertRefused(images, "http://127.0.0.2/image.png", "127.0.0.2 is not allowed");
            assertRefused(images, "file:///etc/passwd", "https");
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsLeft() {
        try (RemoteImages images = local(Duration.ofMillis(50))) {
            assertRefused(images, root + "/silent", "not downloaded within");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "localhost",
                "10.0.0.1",
                "169.254.169.254",
                "192.168.1.1",
                "100.64.0.1",
                "0.0.0.0",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[fd00::1]",
                "[2002:7f00:1::1]"
            })
    void privateAddressesAreRefused(String host) {
        try (RemoteImages images = new RemoteImages(UrlPolicy.of(Set.of("*")))) {
            assertRefused(images, "https://" + host + "/image.png", "no public address");
        }
    }

    /** A part of 192.0.0.0/16 is public, and serves images of many sites. */
    @Test
    void publicAddressesAreNotTakenForPrivateOnes() {
        UrlPolicy policy = new UrlPolicy(Set.of("*"), LIMITS, Duration.ofMillis(1), 3, false);
        try (RemoteImages images = new RemoteImages(policy)) {
            assertRefused(images, "https://192.0.77.2/image.png", "not downloaded within");
        }
    }

    @Test
    void hostsAreAllowedByName() {
        UrlPolicy policy = UrlPolicy.of(Set.of("images.example.org", "*.cdn.example"));
        for (String allowed :
                new String[] {"https://images.example.org/a", "https://IMAGES.example.org", "https://a.cdn.example/"}) {
            assertEquals(null, policy.refusal(URI.create(allowed)));
        }
        for (String refused : new String[] {
            "https://example.org/",
            "https://cdn.example/",
            "https://evilcdn.example/",
            "http://images.example.org/",
            "https://user@images.example.org/",
            "https:///a",
            "images.example.org"
        }) {
            assertTrue(policy.refusal(URI.create(refused)) != null, refused);
        }
    }

    /** A mistake would be found out only when the first image is refused. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://images.example.org",
                "images.example.org/a",
                "images.example.org:443",
                "",
                "a b",
                "*example.org",
                "*.*",
                "."
            })
    void whatIsNoHostIsRefused(String host) {
        String message = assertThrows(IllegalArgumentException.class, () -> UrlPolicy.of(Set.of(host)))
                .getMessage();
        assertEquals("hosts: expected a name such as images.example.org or *.example.org, found " + host, message);
    }

    private static RemoteImages local(Duration timeout) {
        return new RemoteImages(new UrlPolicy(Set.of("127.0.0.1"), LIMITS, timeout, 3, true));
    }

    private static void assertRefused(RemoteImages images, String address, String reason) {
        String message = assertThrows(IOException.class, () -> images.read(URI.create(address)))
                .getMessage();
        assertTrue(message.contains(reason), message);
        assertTrue(message.startsWith(address), message);
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().add("Location", to);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }
}
