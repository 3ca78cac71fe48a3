package io.bridgetower.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.JsonWriter;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More work than can be done in time. */
class LoadTest {
    private static List<String> texts(int count, int salt) {
        return IntStream.range(0, count)
                .mapToObj(i -> "a star and a circle " + salt + " " + i)
                .toList();
    }

    private static String longMatch(int salt) throws IOException {
        return JsonWriter.compact(Map.of("images", TestServer.base64(2), "texts", texts(1000, salt)));
    }

    @Test
    void requestsBeyondTheQueueAreRefusedAndTheOthersAnswered() throws Exception {
        try (TestServer server = TestServer.start(options -> options.maxQueueSeconds(0.5))) {
            List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                sent.add(server.client()
                        .sendAsync(server.posting("/v1/match", longMatch(i)).build(), BodyHandlers.ofString()));
            }
            int accepted = 0, refused = 0;
            for (CompletableFuture<HttpResponse<String>> each : sent) {
                HttpResponse<String> answer = each.get(60, TimeUnit.SECONDS);
                if (answer.statusCode() == 200) {
                    accepted++;
                    continue;
                }
                assertEquals(429, answer.statusCode(), answer.body());
                assertTrue(Integer.parseInt(
                                answer.headers().firstValue("Retry-After").orElseThrow())
                        >= 1);
                assertTrue(answer.body().contains("\"type\":\"rate_limit_error\""), answer.body());
                refused++;
            }
            assertTrue(accepted >= 1 && refused >= 1, accepted + " accepted, " + refused + " refused");
            server.post("/v1/embeddings", Map.of("input", "a")).ok();
            assertEquals(0.0, server.get("/info").object().get("queued_seconds"));
        }
    }

    /** To read and to parse it would take time that those before it need. */
    @Test
    void theBodyOfARequestBeyondTheQueueIsNotLookedAt() throws Exception {
        try (TestServer server = TestServer.start(options -> options.maxQueueSeconds(0.3))) {
            CompletableFuture<HttpResponse<String>> list = server.client()
                    .sendAsync(server.posting("/v1/match", longMatch(0)).build(), BodyHandlers.ofString());
            await(() -> queued(server) > 0.3);
            TestServer.Answer refused = server.send(server.posting("/v1/match", "no JSON"));
            TestServer.Answer tokens = server.post("/tokenize", Map.of("inputs", "a star"));
            assertTrue(!list.isDone(), "the list was answered before the other requests");
            tokens.ok();
            assertEquals(429, refused.status(), refused.body());
            assertEquals(200, list.get(60, TimeUnit.SECONDS).statusCode());
            assertEquals(
                    400, server.send(server.posting("/v1/match", "no JSON")).status());
        }
    }

    @Test
    void aRequestThatCannotBeDoneInItsTimeIsRefusedAtOnce() throws Exception {
        try (TestServer server = TestServer.start()) {
            TestServer.Answer answer =
                    server.send(server.posting("/v1/match", longMatch(0)).header("X-Request-Timeout", "0.001"));
            assertEquals(413, answer.status(), answer.body());
            assertTrue(answer.body().contains("X-Request-Timeout"), answer.body());
        }
    }

    /** A short request waits for a batch at most, however long the lists before it are. */
    @Test
    void aShortRequestOvertakesALongList() throws Exception {
        try (TestServer server = TestServer.start()) {
            CompletableFuture<HttpResponse<String>> list = server.client()
                    .sendAsync(server.posting("/v1/match", longMatch(0)).build(), BodyHandlers.ofString());
            await(() -> queued(server) > 0);
            server.post("/v1/embeddings", Map.of("input", "two green squares")).ok();
            assertTrue(!list.isDone(), "the list was answered before the short request");
            assertEquals(200, list.get(60, TimeUnit.SECONDS).statusCode());
        }
    }

    @Test
    void workOfClientsThatAreGoneIsDropped() throws Exception {
        try (TestServer server = TestServer.start()) {
            String body = longMatch(0);
            try (Socket socket = new Socket("127.0.0.1", server.uri("/").getPort())) {
                String head = "POST /v1/match HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n";
                socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
                await(() -> queued(server) > 0);
            }
            await(() -> queued(server) == 0);
            double computed = server.metric("bridgetower_items_total{model=\"demo\"}");
            assertTrue(computed < 1000, computed + " of 1000 items were computed for nobody");
            await(() -> requests(server, "/v1/match", 499) == 1);
        }
    }

    @Test
    void stopsWhenItsRequestsAreAnswered() throws Exception {
        TestServer server = TestServer.start();
        CompletableFuture<HttpResponse<String>> list = server.client()
                .sendAsync(server.posting("/v1/match", longMatch(0)).build(), BodyHandlers.ofString());
        await(() -> queued(server) > 0);
        server.server().close();
        assertEquals(200, list.get(60, TimeUnit.SECONDS).statusCode());
        server.close();
    }

    private static double queued(TestServer server) {
        try {
            return ((Number) server.get("/info").ok().object().get("queued_seconds")).doubleValue();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static double requests(TestServer server, String route, int status) {
        try {
            return server.metric("bridgetower_requests_total{route=\"" + route + "\",status=\"" + status + "\"}");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not within 30 seconds");
            Thread.sleep(5);
        }
    }
}
