package io.bridgetower.tests.cli;

import io.bridgetower.files.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads what commands print for machines. */
final class Json {
    private Json() {}

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> objects(String text) throws IOException {
        return (List<Map<String, Object>>) value(text);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String text) throws IOException {
        return (Map<String, Object>) value(text);
    }

    private static Object value(String text) throws IOException {
        try (JsonReader reader = new JsonReader(Path.of("output"), new StringReader(text))) {
            Object value = reader.value();
            reader.end();
            return value;
        }
    }
}
