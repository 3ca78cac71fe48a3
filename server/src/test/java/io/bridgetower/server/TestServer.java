package io.bridgetower.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.BridgeTower;
import io.bridgetower.files.JsonReader;
import io.bridgetower.files.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A server of the demo model on a free port, and a client. */
final class TestServer implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));
    static final Path MODEL = ROOT.resolve("models/demo");

    private final BridgeTowerServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private TestServer(ServerOptions options) throws IOException {
        server = BridgeTowerServer.start(options.port(0));
    }

    static TestServer start() throws IOException {
        return start(options -> options);
    }

    static TestServer start(UnaryOperator<ServerOptions> options) throws IOException {
        TestServer started = starting(options);
        started.server.load();
        return started;
    }

    /** One that listens, but has no model yet. */
    static TestServer starting(UnaryOperator<ServerOptions> options) throws IOException {
        return new TestServer(options.apply(new ServerOptions(List.of(demo("demo")))));
    }

    static ServerOptions.Model demo(String name) {
        return new ServerOptions.Model(name, () -> BridgeTower.builder(MODEL));
    }

    /** An answer. */
    record Answer(int status, Map<String, List<String>> headers, String body) {
        Object value() throws IOException {
            try (JsonReader json = new JsonReader(Path.of("answer"), new StringReader(body))) {
                return json.value();
            }
        }

        @SuppressWarnings("unchecked")
        Map<String, Object> object() throws IOException {
            return (Map<String, Object>) value();
        }

        @SuppressWarnings("unchecked")
        List<Map<String, Object>> objects(String field) throws IOException {
            return (List<Map<String, Object>>) object().get(field);
        }

        Answer ok() {
            assertEquals(200, status, body);
            return this;
        }

        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    BridgeTowerServer server() {
        return server;
    }

    URI uri(String path) {
        return server.uri().resolve(path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path));
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.headers().map(), response.body());
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    Answer post(String path, Object body) throws IOException, InterruptedException {
        return send(posting(path, JsonWriter.compact(body)));
    }

    HttpRequest.Builder posting(String path, String body) {
        return request(path).POST(BodyPublishers.ofString(body));
    }

    /** The value of a metric with its labels; 0 if there is none. */
    double metric(String name) throws IOException, InterruptedException {
        return get("/metrics")
                .ok()
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
    }

    static Path image(int number) {
        return ROOT.resolve("examples").resolve(String.format(Locale.ROOT, "%02d.png", number));
    }

    static String base64(int image) throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(image(image)));
    }

    static String dataUri(int image) throws IOException {
        return "data:image/png;base64," + base64(image);
    }

    /** The numbers of a JSON array. */
    static float[] vector(Object json) {
        List<?> values = (List<?>) json;
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) vector[i] = ((Number) values.get(i)).floatValue();
        return vector;
    }
}
