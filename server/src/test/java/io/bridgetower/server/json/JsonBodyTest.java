package io.bridgetower.server.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.server.http.HttpError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
    private static final byte[] IMAGE = new byte[10_000];

    static {
        new Random(1).nextBytes(IMAGE);
    }

    /** Base64 with many slashes. */
    private static final String BASE64 = Base64.getEncoder().encodeToString(IMAGE);

    private static Field read(String json) throws IOException {
        return JsonBody.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\ufeff", "\n\t ", "\ufeff  "})
    void longStringsStayInTheBody(String before) throws IOException {
        Field body = read(before + "{\"größe\":\"ö\", \"a\" : [\"" + BASE64 + "\", {\"b\":\"" + "x".repeat(2000)
                + "\"}],\"c\":\"data:," + BASE64 + "\"}");
        Field image = body.get("a").list().getFirst();
        assertInstanceOf(AsciiText.class, image.characters());
        assertArrayEquals(IMAGE, image.base64(0));
        assertEquals(BASE64, image.string());
        assertEquals("x".repeat(2000), body.get("a").list().get(1).get("b").string());
        assertInstanceOf(AsciiText.class, body.get("c").characters());
        assertArrayEquals(IMAGE, body.get("c").base64("data:,".length()));
        assertEquals("ö", body.get("größe").string());
    }

    /** As PHP writes slashes, Python what is not ASCII, and people lines. */
    @Test
    void longStringsWithEscapesAreDecoded() throws IOException {
        assertTrue(BASE64.contains("/"));
        Field slashes = read("{\"a\":\"" + BASE64.replace("/", "\\/") + "\"}").get("a");
        assertArrayEquals(IMAGE, slashes.base64(0));
        String text = "a small town ".repeat(200);
        assertEquals(
                text + "é\nö",
                read("{\"a\":\"" + text + "\\u00e9\\nö\"}").get("a").string());
        assertEquals("ö" + text, read("{\"a\":\"ö" + text + "\"}").get("a").string());
    }

    @Test
    void longStringsAreHeldToTheRulesOfJson() {
        String text = "a".repeat(5000);
        for (String wrong : new String[] {text + "\n", text + "\\x", text + "\u0000" + text}) {
            HttpError error = assertThrows(HttpError.class, () -> read("{\"a\":\n\"" + wrong + "\"}"));
            assertTrue(
                    error.getMessage().startsWith("the body is not valid JSON at line 2, column "), error.getMessage());
        }
        assertThrows(HttpError.class, () -> read("{\"a\":\"" + text));
        assertThrows(HttpError.class, () -> read("{\"a\":\"" + text + "\"} x"));
    }

    @Test
    void otherEncodingsAreRefused() {
        String json = "{\"a\":\"" + "b".repeat(2000) + "\"}";
        assertThrows(HttpError.class, () -> JsonBody.read(json.getBytes(StandardCharsets.UTF_16)));
        assertThrows(HttpError.class, () -> JsonBody.read(json.getBytes(StandardCharsets.UTF_16LE)));
        byte[] cut = ("{\"a\":\"" + "b".repeat(2000) + "ö").getBytes(StandardCharsets.UTF_8);
        cut[cut.length - 1] = '"';
        HttpError error = assertThrows(HttpError.class, () -> JsonBody.read(cut));
        assertEquals("the body is not UTF-8", error.getMessage());
    }

    /** The parser keeps names that it has seen, but not any number of them. */
    @Test
    void anyNumberOfNamesIsTaken() throws IOException {
        for (int body = 0; body < 10; body++) {
            StringBuilder json = new StringBuilder("{");
            for (int i = 0; i < 20_000; i++) {
                json.append("\"name")
                        .append(body * 20_000 + i)
                        .append("\":")
                        .append(i)
                        .append(',');
            }
            Field read = read(json.append("\"last\":\"b\"}").toString());
            assertEquals("b", read.get("last").string());
        }
    }
}
