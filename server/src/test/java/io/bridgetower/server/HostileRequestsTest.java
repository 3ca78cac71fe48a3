package io.bridgetower.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client sends, it gets an error that says what is wrong, and others get their answers. */
class HostileRequestsTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(
                options -> options.maxBody(1 << 20).maxItems(20).maxPixels(1_000_000));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/embeddings|5|400|expected a JSON object",
                "/v1/embeddings||400|expected a JSON object",
                "/v1/embeddings|{\"input\":\"a\"|400|not valid JSON at line 1",
                "/v1/embeddings|{\"input\":\"a\"} x|400|not valid JSON",
                "/v1/embeddings|{}|400|input: expected a text",
                "/v1/embeddings|{\"input\":[]}|400|input: expected one item or more, found none",
                "/v1/embeddings|{\"input\":[1,2]}|400|input[0]: expected a text",
                "/v1/embeddings|{\"input\":[{}]}|400|input[0]: expected text or image, found neither",
                "/v1/embeddings|{\"input\":[{\"image\":\"AAAA\"}]}|400|input[0].image: not an image",
                "/v1/embeddings|{\"input\":[{\"image\":\"&\"}]}|400|input[0].image: expected an image in Base64",
                "/v1/embeddings|{\"input\":\"a\",\"modality\":\"audio\"}|400|modality: expected text or image",
                "/v1/embeddings|{\"input\":\"a\",\"encoding_format\":\"hex\"}|400|encoding_format: expected float or"
                        + " base64",
                "/v1/embeddings|{\"input\":\"a\",\"model\":5}|400|model: expected a string, found 5",
                "/v1/embeddings|{\"input\":[{\"image\":\"https://example.org/a.png\"}]}|400|this server downloads none",
                "/embed|{\"inputs\":null}|422|inputs: expected a string, found nothing",
                "/embed|{\"inputs\":\"a\",\"normalize\":false}|422|normalize: expected true",
                "/score|{\"text_1\":\"a\"}|400|documents: expected",
                "/rerank|{\"query\":\"a\",\"documents\":[\"b\"],\"top_n\":0}|400|top_n: expected an integer from 1",
                "/v1/match|{\"images\":[],\"texts\":[\"a\"]}|400|images: expected one item or more",
                "/v1/match|{\"texts\":[\"a\"]}|400|images: expected an image, or an array of images, found nothing",
                "/v1/fill|{\"image\":\"AAAA\",\"text\":\"<mask>\"}|400|image: not an image",
                "/v2/embed|{}|400|expected inputs, texts or images",
            })
    void saysWhatIsWrong(String path, String body, int status, String message) throws Exception {
        TestServer.Answer answer = server.send(server.posting(path, body == null ? "" : body));
        assertEquals(status, answer.status(), answer.body());
        assertTrue(answer.body().contains(message), answer.body());
    }

    @Test
    void refusesDeepAndLongAndManyAndLarge() throws Exception {
        String deep = "{\"input\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertEquals(400, server.send(server.posting("/v1/embeddings", deep)).status());
        List<String> many = new ArrayList<>(java.util.Collections.nCopies(21, "a"));
        TestServer.Answer items = server.post("/v1/embeddings", Map.of("input", many));
        assertEquals(400, items.status());
        assertTrue(items.body().contains("input: expected at most 20 items"), items.body());
        assertEquals(
                413,
                server.post("/v1/embeddings", Map.of("input", "a".repeat(1 << 20)))
                        .status());
        byte[] large = new byte[3 << 20];
        java.util.Arrays.fill(large, (byte) ' ');
        // Of unknown length.
        TestServer.Answer chunked = server.send(
                server.request("/v1/embeddings").POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large))));
        assertEquals(413, chunked.status());
        String header = "P6 2000 2000 255\n";
        String bomb = Base64.getEncoder().encodeToString(header.getBytes(StandardCharsets.US_ASCII));
        TestServer.Answer pixels = server.post("/v1/embeddings", Map.of("input", List.of(Map.of("image", bomb))));
        assertEquals(400, pixels.status());
        server.post("/v1/embeddings", Map.of("input", "a")).ok();
    }

    @Test
    void knowsPathsAndMethods() throws Exception {
        assertEquals(404, server.get("/v1/none").status());
        assertEquals(404, server.get("/v1/embeddings/").status());
        TestServer.Answer method = server.get("/v1/fill");
        assertEquals(405, method.status());
        assertTrue(method.body().contains("expected POST"), method.body());
        assertEquals(
                400,
                server.send(server.posting("/v1/embeddings", "{}").header("X-Request-Timeout", "soon"))
                        .status());
    }

    /** Requests that fail take nothing from those after them. */
    @Test
    void survivesAnyNumberOfFailures() throws Exception {
        for (int i = 0; i < 200; i++) {
            assertEquals(
                    400,
                    server.post("/v1/embeddings", Map.of("input", List.of(Map.of("image", "AAAA"))))
                            .status());
        }
        server.post("/v1/embeddings", Map.of("input", List.of(Map.of("image", TestServer.base64(7)))))
                .ok();
        server.get("/v2/health/ready").ok();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "GET / HTTP/1.1\r\nHost: a\r\n",
                "POST /embed HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"
            })
    void aClientThatStopsInTheMiddleHarmsNobody(String beginning) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 100; i++) sockets.add(opened(beginning));
        server.post("/v1/embeddings", Map.of("input", "a")).ok();
        for (Socket socket : sockets) socket.close();
        server.post("/v1/embeddings", Map.of("input", "a")).ok();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000\u0001\u0002\r\n\r\n",
                "GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n"
            })
    void garbageIsRefusedWithoutAPage(String garbage) throws Exception {
        try (Socket socket = opened(garbage)) {
            socket.setSoTimeout(10_000);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(
                    answer.isEmpty() || answer.startsWith("HTTP/1.1 4") || answer.startsWith("HTTP/1.1 505"), answer);
            assertFalse(answer.contains("<html"), answer);
        }
        server.post("/v1/embeddings", Map.of("input", "a")).ok();
    }

    @Test
    void manyIdleConnectionsHarmNobody() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) sockets.add(opened(""));
            server.post("/v1/embeddings", Map.of("input", "a")).ok();
        } finally {
            for (Socket socket : sockets) socket.close();
        }
    }

    /** The second of two requests on a connection comes while the first is computed, where a client that goes is looked for. */
    @Test
    void requestsMayBePipelined() throws Exception {
        String body = "{\"image\":\"" + TestServer.base64(9) + "\",\"text\":\"a <mask>\"}";
        String first = "POST /v1/fill HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        String second = "GET /v2/health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        for (int pause : new int[] {0, 5, 300}) {
            try (Socket socket = opened(first)) {
                Thread.sleep(pause);
                socket.getOutputStream().write(second.getBytes(StandardCharsets.US_ASCII));
                socket.setSoTimeout(10_000);
                InputStream in = socket.getInputStream();
                String answers = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                assertEquals(2, answers.split("HTTP/1.1 200 OK", -1).length - 1, answers);
            }
        }
    }

    /** A client that waits for its answer before it sends a body need not wait until others would have sent theirs. */
    @ParameterizedTest
    @ValueSource(strings = {"", "Expect: 100-continue\r\n"})
    void aBodyThatIsTooLargeIsRefusedBeforeItComes(String header) throws Exception {
        try (Socket socket =
                opened("POST /embed HTTP/1.1\r\nHost: a\r\n" + header + "Content-Length: 99999999999\r\n\r\n")) {
            socket.setSoTimeout(20_000);
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
            assertTrue(line.startsWith("HTTP/1.1 413"), line);
        }
    }

    /** Of a client that is never silent for long, but never done either. */
    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data; boundary=limit"})
    void aBodyThatComesTooSlowlyIsGivenUp(String type) throws Exception {
        try (TestServer hasty = TestServer.starting(options -> options.timeout(Duration.ofMillis(300)));
                Socket socket = new Socket("127.0.0.1", hasty.uri("/").getPort())) {
            OutputStream out = socket.getOutputStream();
            String head = "POST /v1/match HTTP/1.1\r\nHost: a\r\nContent-Type: " + type + "\r\n";
            out.write((head + "Content-Length: 100000\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            for (int sent = 0; in.available() == 0; sent++) {
                assertTrue(sent < 2000, "no answer after " + sent + " bytes");
                out.write(' ');
                Thread.sleep(10);
            }
            String line = new BufferedReader(new InputStreamReader(in)).readLine();
            assertTrue(line.startsWith("HTTP/1.1 408"), line);
        }
    }

    /** A valid image of 2 GB once it is decoded, which a limit of pixels that is too high for the heap lets through. */
    @Test
    void survivesAnImageThatMemoryDoesNotHold() throws Exception {
        assertTrue(Runtime.getRuntime().maxMemory() <= 2L << 30);
        String blank = Base64.getEncoder().encodeToString(blankPng(26_704));
        try (TestServer large = TestServer.start(options -> options.maxPixels(714_000_000))) {
            for (int i = 1; i <= 2; i++) {
                List<Map<String, Object>> results = large.post(
                                "/v1/match", Map.of("images", List.of(blank, TestServer.base64(i)), "texts", "a star"))
                        .ok()
                        .objects("results");
                String error = String.valueOf(results.getFirst().get("error"));
                assertTrue(error.startsWith("images[0]: not enough memory for the image"), error);
                assertTrue(results.getLast().containsKey("probability"), results.toString());
            }
        }
    }

    /** Of one bit a pixel. */
    private static byte[] blankPng(int side) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_BYTE_BINARY), "png", png));
        return png.toByteArray();
    }

    @Test
    void bodiesAreInUtf8() throws Exception {
        for (byte[] wrong : new byte[][] {{(byte) 0xff}, {(byte) 0xc3, '"'}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}}) {
            TestServer.Answer answer = server.send(server.request("/v1/embeddings")
                    .POST(BodyPublishers.ofByteArrays(List.of(
                            "{\"input\":\"".getBytes(StandardCharsets.US_ASCII),
                            wrong,
                            "\"}".getBytes(StandardCharsets.US_ASCII)))));
            assertEquals(400, answer.status(), answer.body());
            assertTrue(answer.body().contains("the body is not UTF-8"), answer.body());
        }
        server.send(server.posting("/v1/embeddings", "\ufeff{\"input\":\"a\"}")).ok();
    }

    @Test
    void aPartOfAFormNeedsAName() throws Exception {
        String form = "--limit\r\nContent-Disposition: form-data\r\n\r\na\r\n--limit--\r\n";
        TestServer.Answer answer = server.send(
                server.posting("/v1/match", form).setHeader("Content-Type", "multipart/form-data; boundary=limit"));
        assertEquals(400, answer.status(), answer.body());
    }

    @Test
    void imagesOfAnyFormatAreTaken() throws Exception {
        byte[] png = Files.readAllBytes(TestServer.image(4));
        String lines = Base64.getMimeEncoder().encodeToString(png);
        server.post("/v1/embeddings", Map.of("input", List.of(Map.of("image", lines))))
                .ok();
    }

    private static Socket opened(String beginning) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.uri("/").getPort());
        socket.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }
}
