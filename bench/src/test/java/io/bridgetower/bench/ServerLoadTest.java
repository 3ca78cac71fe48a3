package io.bridgetower.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerLoadTest {
    private final Set<String> bodies = ConcurrentHashMap.newKeySet();

    /** What is printed of a load on a server. */
    private static String said(String load, HttpHandler matching) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/match", matching);
        server.createContext("/metrics", exchange -> {
            byte[] metrics = "process_resident_memory_bytes 1.5E8\njvm_memory_used_bytes 2.0E7\n"
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, metrics.length);
            exchange.getResponseBody().write(metrics);
            exchange.close();
        });
        server.start();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            ServerLoad.run(address, 0.5, load, 16, out);
        } finally {
            server.stop(0);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void answerNewImages(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean isNew = bodies.add(body.substring(0, body.indexOf("\"texts\"")));
        exchange.sendResponseHeaders(isNew ? 200 : 500, -1);
        exchange.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"clients=3", "rate=100"})
    void sendsImagesOfTheirOwnAndTellsWhatCameOfIt(String load) throws Exception {
        String said = said(load, this::answerNewImages);
        assertTrue(said.startsWith("minute 0: 150 MB resident, 20 MB of the heap\n"), said);
        assertTrue(said.contains("\nstatus 200: " + bodies.size() + " requests, "), said);
        assertTrue(said.contains(" a second; p50 ") && !said.contains("status 500"), said);
        assertFalse(said("clients=1", this::answerNewImages).contains("status 500"), "an image of the first run");
    }

    @Test
    void clientsWaitAsTheyAreTold() throws Exception {
        String said = said("clients=3", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "60");
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
        });
        assertTrue(said.contains("\nstatus 429: 3 requests, "), said);
    }
}
