package io.bridgetower.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.server.http.ApiKeys;
import io.bridgetower.server.metrics.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusRoutesTest {
    @TempDir
    private Path directory;

    @Test
    void isLiveBeforeItIsReady() throws Exception {
        try (TestServer server = TestServer.starting(options -> options)) {
            server.get("/v2/health/live").ok();
            assertEquals(503, server.get("/v2/health/ready").status());
            assertEquals(503, server.get("/health").status());
            assertEquals(503, server.get("/v2/models/demo/ready").status());
            assertEquals(
                    503, server.post("/v1/embeddings", Map.of("input", "a")).status());
            server.server().load();
            for (String path : List.of("/v2/health/ready", "/health", "/v2/models/demo/ready"))
                server.get(path).ok();
            assertEquals(404, server.get("/v2/models/other/ready").status());
        }
    }

    @Test
    void servesSeveralModelsAndLoadsThemAnew() throws Exception {
        ServerOptions options = new ServerOptions(List.of(TestServer.demo("one/first"), TestServer.demo("two/second")));
        try (TestServer server = TestServer.start(_ -> options)) {
            assertEquals(
                    "one/first",
                    server.post("/v1/embeddings", Map.of("input", "a"))
                            .ok()
                            .object()
                            .get("model"));
            for (String name : List.of("two/second", "second")) {
                TestServer.Answer answer = server.post("/v1/embeddings", Map.of("input", "a", "model", name));
                assertEquals("two/second", answer.ok().object().get("model"));
            }
            TestServer.Answer unknown = server.post("/v1/embeddings", Map.of("input", "a", "model", "third"));
            assertEquals(404, unknown.status());
            assertTrue(unknown.body().contains("there are one/first, two/second"), unknown.body());
            String before = server.post("/v1/embeddings", Map.of("input", "a star"))
                    .ok()
                    .objects("data")
                    .toString();
            server.server().load();
            assertEquals(
                    before,
                    server.post("/v1/embeddings", Map.of("input", "a star"))
                            .ok()
                            .objects("data")
                            .toString());
        }
    }

    @Test
    void keysOpenAllButProbes() throws Exception {
        Path file = Files.writeString(directory.resolve("keys"), "# ours\n\nsecret-one\nsecret-two\n");
        ApiKeys keys = ApiKeys.read(file);
        try (TestServer server = TestServer.start(options -> options.keys(keys))) {
            for (String path : List.of("/", "/health", "/v2/health/live", "/openapi.json"))
                server.get(path).ok();
            for (String path : List.of("/info", "/metrics", "/v1/models")) {
                assertEquals(401, server.get(path).status());
                assertEquals(
                        200,
                        server.send(server.request(path).header("Authorization", "Bearer secret-two"))
                                .status());
                assertEquals(
                        200,
                        server.send(server.request(path).header("X-Api-Key", "secret-one"))
                                .status());
                assertEquals(
                        401,
                        server.send(server.request(path).header("Authorization", "Bearer secret"))
                                .status());
            }
            TestServer.Answer refused = server.post("/v1/embeddings", Map.of("input", "a"));
            assertEquals(401, refused.status());
            assertEquals("Bearer", refused.header("www-authenticate"));
            assertTrue(refused.body().contains("\"type\":\"authentication_error\""), refused.body());
        }
    }

    @Test
    void anEmptyFileOfKeysIsAnError() throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "# none\n");
        IOException e = org.junit.jupiter.api.Assertions.assertThrows(IOException.class, () -> ApiKeys.read(file));
        assertEquals(file + ": expected a key on a line, found none", e.getMessage());
    }

    @Test
    void tellsWhatItCanDo() throws Exception {
        try (TestServer server =
                TestServer.start(options -> options.version("bridgetower 1").maxItems(7))) {
            Map<String, Object> info = server.get("/info").ok().object();
            assertEquals("bridgetower 1", info.get("version"));
            assertEquals("demo", info.get("model_id"));
            assertEquals(7L, info.get("max_client_batch_size"));
            Map<?, ?> model = (Map<?, ?>) ((List<?>) info.get("models")).getFirst();
            assertEquals(List.of("matching", "masked_lm", "contrastive"), model.get("heads"));
            assertTrue(((Number) model.get("operations_per_second")).doubleValue() > 1e8);
        }
    }

    @Test
    void logsEachRequestWithoutItsContent() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        try (TestServer server = TestServer.start(options -> options.log(AccessLog.json(lines::add)))) {
            String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            TestServer.Answer answer = server.send(server.posting("/v1/embeddings", "{\"input\":\"a secret\"}")
                    .header("X-Request-Id", "abc-1")
                    .header("traceparent", trace));
            assertEquals("abc-1", answer.ok().header("x-request-id"));
            assertFalse(server.get("/none?secret").header("x-request-id").isEmpty());
        }
        assertEquals(2, lines.size());
        String line = lines.getFirst();
        assertTrue(line.contains("\"route\":\"/v1/embeddings\",\"status\":200"), line);
        assertTrue(line.contains("\"request_id\":\"abc-1\",\"traceparent\":\"00-0af7651916cd43dd"), line);
        assertTrue(lines.stream().noneMatch(each -> each.contains("secret")), lines.toString());
    }

    @Test
    void metricsAreInBaseUnits() throws Exception {
        try (TestServer server = TestServer.start()) {
            server.post("/v1/match", Map.of("images", TestServer.base64(2), "texts", "two stars"))
                    .ok();
            String metrics = server.get("/metrics").ok().body();
            for (String line : List.of(
                    "bridgetower_requests_total{route=\"/v1/match\",status=\"200\"} 1.0",
                    "bridgetower_items_total{model=\"demo\"} 1.0",
                    "bridgetower_encodings_total{kind=\"image\"} 1.0",
                    "bridgetower_queue_items 0.0",
                    "bridgetower_image_decode_duration_seconds_count 1",
                    "bridgetower_request_duration_seconds_count{route=\"/v1/match\"} 1")) {
                assertTrue(metrics.contains("\n" + line + "\n"), line + " in\n" + metrics);
            }
            if (ProcessMemory.isKnown()) {
                double resident = server.metric("process_resident_memory_bytes");
                double heap = server.metric("jvm_memory_used_bytes");
                assertTrue(resident > heap && resident < 64e9, resident + " with a heap of " + heap);
            }
        }
    }
}
