package io.bridgetower.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Hub on this machine with one model, and a second server to which it redirects for weights. Each fault that is put
 * into a queue spoils one answer.
 */
final class FakeHub implements AutoCloseable {
    static final String MODEL = "org/model";

    /** Leads to the model. */
    static final String OLD_NAME = "org/old";

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** What goes wrong with an answer. */
    enum Fault {
        NONE,
        DROP,
        SHORT,
        LONG,
        WRONG_BYTES,
        NO_RANGE,
        WRONG_RANGE,
        NOT_SATISFIABLE,
        SILENT,
        NO_ANSWER,
        STATUS_429,
        STATUS_429_FOR_LONG,
        STATUS_429_UNTIL_2015,
        STATUS_500,
        STATUS_503,
        STATUS_401,
        STATUS_403
    }

    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    final Map<String, String> headers = new ConcurrentHashMap<>();
    final Queue<Fault> heads = new ConcurrentLinkedQueue<>();
    final Queue<Fault> gets = new ConcurrentLinkedQueue<>();

    /** Method, server, file, range and authorization of every request. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** What was sent for a proxy and arrived here. */
    final List<String> proxyAuthorizations = new CopyOnWriteArrayList<>();

    volatile String commit = COMMIT;

    /** Whether it takes requests and answers none. */
    volatile boolean silent;

    volatile String redirect;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer hub = server();
    private final HttpServer store = server();

    /** With files of all kinds that a model has, and weights of 3 MB. */
    static FakeHub ofModel() throws IOException {
        byte[] weights = new byte[3_000_000];
        new Random(1).nextBytes(weights);
        return new FakeHub()
                .file("config.json", "{}")
                .file("model.safetensors", weights)
                .file("pytorch_model.bin", new byte[10])
                .file("tokenizer.json", "{\"a\": 1}")
                .file("preprocessor_config.json", "{\"size\": 288}")
                .file("vocab.json", "{}")
                .file("README.md", "not needed");
    }

    FakeHub() throws IOException {
        hub.createContext("/", this::answer);
        store.createContext("/", exchange -> {
            log(exchange, "store");
            send(exchange, files.get(name(exchange)), gets.poll());
        });
        hub.start();
        store.start();
    }

    URI endpoint() {
        return address(hub);
    }

    FakeHub file(String name, String text) {
        files.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    FakeHub file(String name, byte[] bytes) {
        files.put(name, bytes);
        return this;
    }

    long count(String start) {
        return requests.stream().filter(request -> request.startsWith(start)).count();
    }

    String etag(String name) {
        byte[] bytes = files.get(name);
        if (isLarge(name)) return hash("SHA-256", bytes);
        byte[] git = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(git, git.length + bytes.length);
        System.arraycopy(bytes, 0, all, git.length, bytes.length);
        return hash("SHA-1", all);
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        log(exchange, "hub");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        String name = name(exchange), path = exchange.getRequestURI().getPath();
        Fault fault = head ? heads.poll() : isLarge(name) ? null : gets.poll();
        if (silent || fault == Fault.NO_ANSWER) return;
        if (path.startsWith("/" + OLD_NAME)) {
            exchange.getResponseHeaders().set("Location", path.replace(OLD_NAME, MODEL));
            status(exchange, 307);
            return;
        }
        boolean known = path.startsWith("/" + MODEL + "/resolve/");
        byte[] bytes = files.get(name);
        if (head && fault != null && fault != Fault.NONE) {
            send(exchange, bytes == null ? new byte[0] : bytes, fault);
            return;
        }
        if (!known || bytes == null) {
            exchange.getResponseHeaders().set("X-Error-Code", known ? "EntryNotFound" : "RepoNotFound");
            status(exchange, known ? 404 : 401);
            return;
        }
        var response = exchange.getResponseHeaders();
        response.set("X-Repo-Commit", commit);
        response.set("ETag", "\"" + etag(name) + "\"");
        if (isLarge(name) || redirect != null) {
            response.set("X-Linked-Etag", "\"" + etag(name) + "\"");
            response.set("X-Linked-Size", Integer.toString(bytes.length));
            response.set("Location", redirect != null ? redirect : address(store) + "/" + name);
        }
        headers.forEach(response::set);
        if (isLarge(name) || redirect != null) {
            status(exchange, 302);
        } else if (head) {
            response.set("Content-Length", Integer.toString(bytes.length));
            status(exchange, 200);
        } else {
            send(exchange, bytes, fault);
        }
    }

    private void send(HttpExchange exchange, byte[] bytes, Fault wanted) throws IOException {
        Fault fault = wanted == null ? Fault.NONE : wanted;
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null || fault == Fault.NO_RANGE ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        byte[] body = Arrays.copyOfRange(bytes, Math.min(from, bytes.length), bytes.length);
        switch (fault) {
            case STATUS_429 -> {
                exchange.getResponseHeaders().set("Retry-After", "7");
                status(exchange, 429);
                return;
            }
            case STATUS_429_FOR_LONG -> {
                exchange.getResponseHeaders().set("Retry-After", "86400");
                status(exchange, 429);
                return;
            }
            case STATUS_429_UNTIL_2015 -> {
                exchange.getResponseHeaders().set("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT");
                status(exchange, 429);
                return;
            }
            case STATUS_500, STATUS_503, STATUS_401, STATUS_403 -> {
                status(exchange, Integer.parseInt(fault.name().substring("STATUS_".length())));
                return;
            }
            case NOT_SATISFIABLE -> {
                status(exchange, 416);
                return;
            }
            case WRONG_BYTES -> body[body.length / 2]++;
            case LONG -> body = Arrays.copyOf(body, body.length + 10);
            case SHORT -> body = Arrays.copyOf(body, body.length / 2);
            default -> {}
        }
        int shown = fault == Fault.WRONG_RANGE ? from + 1 : from;
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + shown + "-" + (bytes.length - 1) + "/" + bytes.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, body.length);
        boolean cut = fault == Fault.DROP || fault == Fault.SILENT;
        exchange.getResponseBody().write(body, 0, cut ? body.length / 2 : body.length);
        if (fault == Fault.SILENT) {
            exchange.getResponseBody().flush();
            return;
        }
        exchange.close();
    }

    private void log(HttpExchange exchange, String server) {
        var request = exchange.getRequestHeaders();
        proxyAuthorizations.addAll(request.getOrDefault("Proxy-Authorization", List.of()));
        requests.add(exchange.getRequestMethod() + " " + server + " " + name(exchange) + " " + request.getFirst("Range")
                + " " + request.getFirst("Authorization"));
    }

    private HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        return server;
    }

    private static URI address(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static boolean isLarge(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".bin");
    }

    private static String name(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void status(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
