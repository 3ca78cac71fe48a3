package io.bridgetower.tests.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server of this machine that has the demo model as the Hub has models. */
final class DemoHub implements AutoCloseable {
    static final String MODEL = "org/demo";
    private static final String COMMIT = "a".repeat(40);

    private final HttpServer server =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0, "/", this::answer);

    /** The names of the files that were sent. */
    final List<String> sent = new CopyOnWriteArrayList<>();

    DemoHub() throws IOException {
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Path file = Run.DEMO.resolve(path.substring(path.lastIndexOf('/') + 1));
        boolean here = path.startsWith("/" + MODEL + "/resolve/") && Files.isRegularFile(file);
        byte[] bytes = here ? Files.readAllBytes(file) : new byte[0];
        var headers = exchange.getResponseHeaders();
        if (here) {
            headers.set("X-Repo-Commit", COMMIT);
            headers.set("ETag", '"' + sha256(bytes) + '"');
        } else {
            headers.set("X-Error-Code", "EntryNotFound");
        }
        if (exchange.getRequestMethod().equals("HEAD") || !here) {
            headers.set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(here ? 200 : 404, -1);
        } else {
            sent.add(file.getFileName().toString());
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
