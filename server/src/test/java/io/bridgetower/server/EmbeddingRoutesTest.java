package io.bridgetower.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.BridgeTower;
import io.bridgetower.Image;
import io.bridgetower.engine.Tensor;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.text.Side;
import io.bridgetower.processor.text.Truncation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Vectors have the bits of the library's, in whatever form they are asked for. */
class EmbeddingRoutesTest {
    private static final String TEXT = "a large blue square";

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

    private static Image image() throws IOException {
        return Image.read(TestServer.image(2));
    }

    private static float[] only(TestServer.Answer answer) throws IOException {
        List<Map<String, Object>> data = answer.ok().objects("data");
        assertEquals(1, data.size());
        return TestServer.vector(data.getFirst().get("embedding"));
    }

    @Test
    void openAi() throws Exception {
        TestServer.Answer answer = server.post(
                "/v1/embeddings", Map.of("model", "text-embedding-3-small", "input", List.of(TEXT, "two stars")));
        List<Map<String, Object>> data = answer.ok().objects("data");
        assertEquals("list", answer.object().get("object"));
        assertEquals("demo", answer.object().get("model"));
        assertEquals(1L, data.get(1).get("index"));
        assertEquals("embedding", data.get(1).get("object"));
        assertArrayEquals(library.embed(TEXT), TestServer.vector(data.get(0).get("embedding")));
        assertArrayEquals(
                library.embed("two stars"), TestServer.vector(data.get(1).get("embedding")));
        int tokens = library.textPreparation().ids(TEXT).length
                + library.textPreparation().ids("two stars").length;
        assertEquals(
                Map.of("prompt_tokens", (long) tokens, "total_tokens", (long) tokens),
                answer.object().get("usage"));
    }

    @Test
    void base64HasLittleEndianFloats() throws Exception {
        TestServer.Answer answer =
                server.post("/v1/embeddings", Map.of("input", TEXT, "encoding_format", "base64", "dimensions", 64));
        String base64 = (String) answer.ok().objects("data").getFirst().get("embedding");
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        float[] vector = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(vector);
        assertArrayEquals(library.embed(TEXT), vector);
        assertEquals(
                400,
                server.post("/v1/embeddings", Map.of("input", TEXT, "dimensions", 5))
                        .status());
    }

    @Test
    void infinityAndJina() throws Exception {
        float[] expected = library.embed(image());
        assertArrayEquals(
                expected,
                only(server.post(
                        "/v1/embeddings", Map.of("modality", "image", "input", List.of(TestServer.dataUri(2))))));
        assertArrayEquals(
                expected,
                only(server.post("/v1/embeddings", Map.of("input", List.of(Map.of("image", TestServer.base64(2)))))));
        assertArrayEquals(
                library.embed(TEXT),
                only(server.post("/v1/embeddings", Map.of("input", List.of(Map.of("text", TEXT))))));
    }

    @Test
    void predictionGuard() throws Exception {
        Map<String, Object> body = Map.of(
                "model",
                "bridgetower-large-itm-mlm-itc",
                "input",
                List.of(Map.of("text", TEXT, "image", TestServer.base64(2)), Map.of("text", TEXT)),
                "truncate",
                false,
                "truncation_direction",
                "Right");
        TestServer.Answer answer = server.post("/embeddings", body).ok();
        assertTrue(answer.object().keySet().containsAll(List.of("id", "object", "created", "model", "data")));
        List<Map<String, Object>> data = answer.objects("data");
        assertArrayEquals(
                library.embed(image(), TEXT), TestServer.vector(data.get(0).get("embedding")));
        assertArrayEquals(library.embed(TEXT), TestServer.vector(data.get(1).get("embedding")));
        assertEquals(
                "demo",
                server.get("/embeddings").ok().objects("data").getFirst().get("id"));
    }

    @Test
    void longTextsAreTruncatedWhereThatIsAskedFor() throws Exception {
        String text = "star ".repeat(100) + "blue";
        TestServer.Answer refused = server.post("/embeddings", Map.of("input", List.of("a", text)));
        assertEquals(400, refused.status());
        assertTrue(refused.body().contains("input[1]: expected at most 64 tokens, found 10"), refused.body());
        float[] right = only(server.post("/embeddings", Map.of("input", text, "truncate", true)));
        assertArrayEquals(truncated(text, Side.RIGHT), right);
        float[] left =
                only(server.post("/embeddings", Map.of("input", text, "truncate", true, "truncate_direction", "Left")));
        assertArrayEquals(truncated(text, Side.LEFT), left);
    }

    private static float[] truncated(String text, Side side) {
        int[] ids = library.textPreparation()
                .truncating(Truncation.longestFirst().on(side))
                .ids(text);
        assertEquals(64, ids.length);
        try (Tensor vectors = library.contrastive().textEmbeds(TextInputs.of(new int[][] {ids}))) {
            return vectors.toArray();
        }
    }

    @Test
    void opeaModelServer() throws Exception {
        TestServer.Answer both = server.post("/v1/encode", Map.of("text", TEXT, "img_b64_str", TestServer.base64(2)));
        assertEquals(List.of("embedding"), List.copyOf(both.ok().object().keySet()));
        assertArrayEquals(
                library.embed(image(), TEXT), TestServer.vector(both.object().get("embedding")));
        TestServer.Answer text = server.post("/v1/encode", Map.of("text", TEXT));
        assertArrayEquals(
                library.embed(TEXT), TestServer.vector(text.ok().object().get("embedding")));
        assertEquals(
                Map.of("message", "BridgeTower server is running..."),
                server.get("/v1/health_check").ok().object());
        Map<String, Object> status =
                server.post("/v1/worker_get_status", Map.of()).ok().object();
        assertEquals(List.of("demo"), status.get("model_names"));
        assertEquals(0L, status.get("queue_length"));
        assertTrue((long) status.get("global_counter") >= 2, status.toString());
    }

    @Test
    void opeaMicroservice() throws Exception {
        float[] text = library.embed(TEXT), both = library.embed(image(), TEXT);
        for (Object body : List.of(Map.of("text", TEXT), Map.of("text", Map.of("text", TEXT)))) {
            TestServer.Answer answer = server.post("/v1/embeddings", body).ok();
            assertArrayEquals(text, TestServer.vector(answer.object().get("embedding")));
            assertEquals(TEXT, answer.object().get("text"));
            assertTrue(answer.object().containsKey("model") && answer.object().containsKey("usage"));
        }
        Map<String, Object> image = Map.of("base64_image", TestServer.base64(2));
        Map<String, Object> document = Map.of("text", Map.of("text", TEXT), "image", image);
        assertArrayEquals(
                both,
                TestServer.vector(
                        server.post("/v1/embeddings", document).ok().object().get("embedding")));
        assertArrayEquals(
                both,
                TestServer.vector(server.post("/v1/embeddings", Map.of("text", document))
                        .ok()
                        .object()
                        .get("embedding")));
    }

    @Test
    void cohere() throws Exception {
        List<Object> content = List.of(
                Map.of("type", "text", "text", TEXT),
                Map.of("type", "image_url", "image_url", Map.of("url", TestServer.dataUri(2))));
        Map<String, Object> body =
                Map.of("inputs", List.of(Map.of("content", content)), "embedding_types", List.of("float", "base64"));
        @SuppressWarnings("unchecked")
        Map<String, List<Object>> embeddings = (Map<String, List<Object>>)
                server.post("/v2/embed", body).ok().object().get("embeddings");
        assertArrayEquals(
                library.embed(image(), TEXT),
                TestServer.vector(embeddings.get("float").getFirst()));
        assertEquals(1, embeddings.get("base64").size());
        TestServer.Answer wrong =
                server.post("/v2/embed", Map.of("texts", List.of(TEXT), "embedding_types", List.of("int8")));
        assertEquals(400, wrong.status());
        assertEquals(
                "embedding_types[0]: expected float or base64", wrong.object().get("message"));
    }

    @Test
    void titan() throws Exception {
        Map<String, Object> body = Map.of("inputText", TEXT, "inputImage", TestServer.base64(2));
        TestServer.Answer answer =
                server.post("/model/amazon.titan-embed-image-v1/invoke", body).ok();
        assertArrayEquals(
                library.embed(image(), TEXT), TestServer.vector(answer.object().get("embedding")));
    }

    @Test
    void textEmbeddingsInference() throws Exception {
        List<?> vectors = (List<?>) server.post("/embed", Map.of("inputs", List.of(TEXT, "a star")))
                .ok()
                .value();
        assertArrayEquals(library.embed("a star"), TestServer.vector(vectors.get(1)));
        TestServer.Answer wrong = server.post("/embed", Map.of("inputs", 5));
        assertEquals(422, wrong.status());
        assertEquals(Map.of("error", "inputs: expected a string, found 5", "error_type", "validation"), wrong.object());
        List<?> tokens = (List<?>)
                ((List<?>) server.post("/tokenize", Map.of("inputs", TEXT)).ok().value()).getFirst();
        int[] ids = library.textPreparation().ids(TEXT);
        assertArrayEquals(
                ids,
                tokens.stream()
                        .mapToInt(token -> ((Number) ((Map<?, ?>) token).get("id")).intValue())
                        .toArray());
    }

    @Test
    void listsLongerThanABatchKeepTheirOrder() throws Exception {
        List<String> texts =
                IntStream.range(0, 300).mapToObj(i -> "a star " + i).toList();
        List<?> vectors =
                (List<?>) server.post("/embed", Map.of("inputs", texts)).ok().value();
        List<float[]> expected = library.embedTexts(texts);
        for (int i = 0; i < texts.size(); i++) assertArrayEquals(expected.get(i), TestServer.vector(vectors.get(i)));
    }
}
