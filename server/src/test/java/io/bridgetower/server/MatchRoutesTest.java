package io.bridgetower.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.BridgeTower;
import io.bridgetower.Explanation;
import io.bridgetower.Filled;
import io.bridgetower.Image;
import io.bridgetower.Score;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Scores have the bits of the library's. */
class MatchRoutesTest {
    private static final List<String> TEXTS = List.of("a large blue square", "two blue squares", "four stars");

    private static TestServer server;
    private static BridgeTower library;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start();
        library = BridgeTower.load(TestServer.MODEL);
    }

    @AfterAll
    static void stop() {
        library.close();
        server.close();
    }

    private static double probability(int image, String text) throws IOException {
        return library.score(Image.read(TestServer.image(image)), text).probability();
    }

    @Test
    void matchesAllPairsAndABrokenImageFailsAlone() throws Exception {
        List<String> images =
                List.of(TestServer.base64(2), "bm8gaW1hZ2U=", TestServer.dataUri(3), "§", TestServer.base64(2));
        List<Map<String, Object>> results = server.post("/v1/match", Map.of("images", images, "texts", TEXTS))
                .ok()
                .objects("results");
        assertEquals(images.size() * TEXTS.size(), results.size());
        int[] numbers = {2, 0, 3, 0, 2};
        for (int i = 0; i < results.size(); i++) {
            Map<String, Object> result = results.get(i);
            assertEquals((long) (i / TEXTS.size()), result.get("image"));
            assertEquals((long) (i % TEXTS.size()), result.get("text"));
            int number = numbers[i / TEXTS.size()];
            if (number == 0) {
                String error = (String) result.get("error");
                assertTrue(error.startsWith("images[" + i / TEXTS.size() + "]: "), error);
                continue;
            }
            Score score = library.score(Image.read(TestServer.image(number)), TEXTS.get(i % TEXTS.size()));
            assertEquals(score.probability(), result.get("probability"));
            assertEquals(
                    List.of((double) score.logits().noMatch(), (double)
                            score.logits().match()),
                    Arrays.asList((double) TestServer.vector(result.get("logits"))[0], (double)
                            TestServer.vector(result.get("logits"))[1]));
        }
    }

    @Test
    void takesForms() throws Exception {
        List<Map<String, Object>> results = form("/v1/match", "image", 2, "text", TEXTS.get(0), "text", TEXTS.get(1))
                .ok()
                .objects("results");
        assertEquals(2, results.size());
        assertEquals(probability(2, TEXTS.get(1)), results.get(1).get("probability"));
    }

    @Test
    void fillsMasks() throws Exception {
        String text = "four <mask> stars";
        TestServer.Answer answer =
                form("/v1/fill", "image", 3, "text", text, "top", 3).ok();
        List<Filled> expected = library.fill(Image.read(TestServer.image(3)), text, 3);
        assertEquals(
                library.complete(Image.read(TestServer.image(3)), text),
                answer.object().get("text"));
        List<?> words = (List<?>) answer.objects("masks").getFirst().get("words");
        assertEquals(3, words.size());
        assertEquals(
                Map.of(
                        "word",
                        expected.getFirst().word(),
                        "probability",
                        expected.getFirst().probability()),
                words.getFirst());
        assertEquals(400, form("/v1/fill", "image", 3, "text", "no mask").status());
        assertEquals(400, form("/v1/fill", "image", 3, "text", text, "top", 0).status());
    }

    @Test
    void explainsWords() throws Exception {
        TestServer.Answer answer = form("/v1/explain", "image", 3, "text", "four stars", "layer", 1)
                .ok();
        Explanation expected = library.explain(Image.read(TestServer.image(3)), "four stars");
        assertEquals((long) expected.rows(), answer.object().get("rows"));
        List<Map<String, Object>> words = answer.objects("words");
        assertEquals("stars", words.get(1).get("word"));
        org.junit.jupiter.api.Assertions.assertArrayEquals(
                expected.mean(1, 1), TestServer.vector(words.get(1).get("weights")));
        assertEquals(400, form("/v1/explain", "image", 3, "text", " ").status());
        assertEquals(
                400, form("/v1/explain", "image", 3, "text", "a", "layer", 3).status());
    }

    @Test
    void scoresInTheFormOfVllm() throws Exception {
        List<Object> image = List.of(Map.of("type", "image_url", "image_url", Map.of("url", TestServer.dataUri(2))));
        Map<String, Object> body = Map.of(
                "text_1",
                TEXTS,
                "text_2",
                List.of(Map.of("content", image), Map.of("content", image), Map.of("content", image)));
        List<Map<String, Object>> data = server.post("/score", body).ok().objects("data");
        for (int i = 0; i < 3; i++)
            assertEquals(probability(2, TEXTS.get(i)), data.get(i).get("score"));
        Map<String, Object> one = Map.of("queries", Map.of("content", image), "documents", TEXTS);
        data = server.post("/score", one).ok().objects("data");
        for (int i = 0; i < 3; i++)
            assertEquals(probability(2, TEXTS.get(i)), data.get(i).get("score"));
        assertEquals(
                400,
                server.post("/score", Map.of("data_1", TEXTS, "data_2", List.of("a", "b")))
                        .status());
    }

    /** Two texts cannot be matched, so their vectors are compared. */
    @Test
    void scoresOtherPairsBySimilarity() throws Exception {
        Map<String, Object> body =
                Map.of("text_1", TEXTS.get(0), "text_2", List.of(TEXTS.get(1), TestServer.dataUri(2)));
        List<Map<String, Object>> data = server.post("/v1/score", body).ok().objects("data");
        float[] query = library.embed(TEXTS.get(0)), image = library.embed(Image.read(TestServer.image(2)));
        double sum = 0;
        for (int i = 0; i < query.length; i++) sum += (double) query[i] * image[i];
        assertEquals(sum, (double) data.get(1).get("score"), 1e-12);
    }

    @Test
    void ranks() throws Exception {
        List<String> documents = List.of(TestServer.dataUri(1), TestServer.dataUri(2), TestServer.dataUri(8));
        Map<String, Object> body = Map.of("query", TEXTS.get(0), "documents", documents, "top_n", 2);
        List<Map<String, Object>> results = server.post("/v1/rerank", body).ok().objects("results");
        assertEquals(2, results.size());
        assertEquals(1L, results.getFirst().get("index"));
        assertEquals(probability(2, TEXTS.get(0)), results.getFirst().get("relevance_score"));
        List<?> tei = (List<?>)
                server.post("/rerank", Map.of("query", TestServer.dataUri(2), "texts", TEXTS, "return_text", true))
                        .ok()
                        .value();
        assertEquals(Map.of("index", 0L, "score", probability(2, TEXTS.get(0)), "text", TEXTS.get(0)), tei.getFirst());
    }

    /** Each image and text is encoded once, whichever routes ask for it, and however often. */
    @Test
    void encodesEachImageAndTextOnce() throws Exception {
        double before = server.metric("bridgetower_encodings_total{kind=\"image\"}"), texts = 0;
        for (int i = 0; i < 3; i++) {
            server.post("/v1/match", Map.of("images", List.of(TestServer.base64(5)), "texts", TEXTS))
                    .ok();
            form("/v1/fill", "image", 5, "text", "a <mask>").ok();
            if (i == 0) texts = server.metric("bridgetower_encodings_total{kind=\"text\"}");
        }
        assertEquals(texts, server.metric("bridgetower_encodings_total{kind=\"text\"}"));
        assertEquals(before + 1, server.metric("bridgetower_encodings_total{kind=\"image\"}"));
    }

    /** @param fields names and values by turns; that of {@code image} is the number of an example */
    private static TestServer.Answer form(String path, Object... fields) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        List<byte[]> parts = new ArrayList<>();
        for (int i = 0; i < fields.length; i += 2) {
            boolean isImage = fields[i].equals("image");
            String head = "--limit\r\nContent-Disposition: form-data; name=\"" + fields[i] + "\""
                    + (isImage ? "; filename=\"a.png\"\r\nContent-Type: image/png" : "") + "\r\n\r\n";
            parts.add(head.getBytes(StandardCharsets.UTF_8));
            parts.add(
                    isImage
                            ? Files.readAllBytes(TestServer.image((int) fields[i + 1]))
                            : fields[i + 1].toString().getBytes(StandardCharsets.UTF_8));
            parts.add("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        parts.add("--limit--\r\n".getBytes(StandardCharsets.UTF_8));
        for (byte[] part : parts) body.write(part);
        TestServer.Answer answer = server.send(server.request(path)
                .header("Content-Type", "multipart/form-data; boundary=limit")
                .POST(BodyPublishers.ofByteArray(body.toByteArray())));
        assertNotNull(answer.header("x-request-id"));
        return answer;
    }
}
