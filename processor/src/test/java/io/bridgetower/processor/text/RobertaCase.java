package io.bridgetower.processor.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One line of {@code roberta.jsonl}: a text, or a pair of texts, and what the reference made of it. */
record RobertaCase(Map<String, Object> values) {
    static List<RobertaCase> readAll(Path file) throws IOException {
        List<RobertaCase> cases = new ArrayList<>();
        JsonFactory factory = new JsonFactory();
        for (String line : Files.readAllLines(file)) {
            try (JsonParser json = factory.createParser(line)) {
                json.nextToken();
                Map<String, Object> values = new HashMap<>();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    values.put(name, value(json));
                }
                cases.add(new RobertaCase(values));
            }
        }
        return cases;
    }

    String text() {
        return (String) values.get("text");
    }

    String pair() {
        return (String) values.get("text_pair");
    }

    List<Integer> ids() {
        return list("ids");
    }

    List<Integer> typeIds() {
        return list("type_ids");
    }

    List<Integer> specialTokensMask() {
        return list("special_tokens_mask");
    }

    List<String> tokens() {
        return list("tokens");
    }

    List<Span> offsets() {
        List<Span> spans = new ArrayList<>();
        for (List<Integer> pair : this.<List<Integer>>list("offsets")) {
            spans.add(pair == null ? null : new Span(pair.get(0), pair.get(1)));
        }
        return spans;
    }

    String decoded() {
        return (String) values.get("decoded");
    }

    String decodedSkippingSpecial() {
        return (String) values.get("decoded_skip_special");
    }

    @SuppressWarnings("unchecked")
    private <T> List<T> list(String name) {
        return (List<T>) values.get(name);
    }

    private static Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) items.add(value(json));
                yield items;
            }
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getIntValue();
            default -> null;
        };
    }
}
