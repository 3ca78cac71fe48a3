package io.bridgetower.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    private static final Path FILE = Path.of("some.json");

    @Test
    void layouts() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("a", Arrays.asList(1, 2.5, true, null));
        value.put("b", List.of());
        value.put("e", Map.of());
        assertEquals("{\"a\":[1,2.5,true,null],\"b\":[],\"e\":{}}", JsonWriter.compact(value));
        assertEquals("""
            {
              "a": [
                1,
                2.5,
                true,
                null
              ],
              "b": [],
              "e": {}
            }
            """, JsonWriter.indented(value));
    }

    /** A surrogate without its partner has no UTF-8 form; as an escape it can be read again. */
    @Test
    void surrogatesAreEscaped() throws IOException {
        String text = "é \ud83d\ude00 \ud800 \"\\\n\u0001";
        String json = JsonWriter.compact(text);
        assertEquals("\"é \\ud83d\\ude00 \\ud800 \\\"\\\\\\n\\u0001\"", json);
        try (JsonReader reader = new JsonReader(FILE, new StringReader(json))) {
            assertEquals(text, reader.value());
        }
    }

    @Test
    void numbersThatJsonLacksAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> JsonWriter.compact(List.of(Double.NaN)));
        assertThrows(IllegalArgumentException.class, () -> JsonWriter.compact(Float.POSITIVE_INFINITY));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\": 1, \"a\": 2} | Duplicate",
                "{\"a\": \"\\ud800\"} | a surrogate without its partner: \\ud800",
                "{\"abcdefghi\": 1} | exceeds the maximum allowed (8"
            })
    void whatOnlyAStrictReaderRefuses(String json, String complaint) throws IOException {
        try (JsonReader lenient = new JsonReader(FILE, new StringReader(json))) {
            lenient.object();
            lenient.end();
        }
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try (JsonReader strict = JsonReader.strict(FILE, new ByteArrayInputStream(bytes), 8)) {
            MalformedFileException e = assertThrows(MalformedFileException.class, strict::object);
            assertTrue(e.getMessage().startsWith("some.json: "), e.getMessage());
            assertTrue(e.getMessage().contains(complaint), e.getMessage());
        }
    }
}
