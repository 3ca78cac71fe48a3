package io.bridgetower.processor.image;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The expected tensors of a case, read without ceremony from a file that is known to be well-formed. */
final class SafetensorsFile {
    /** One tensor: its type, its shape and its bytes in little-endian order. */
    record Entry(String type, List<Integer> shape, ByteBuffer bytes) {}

    private final Map<String, Entry> entries = new HashMap<>();

    SafetensorsFile(Path file) throws IOException {
        ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(data.getLong());
        ByteBuffer body = data.slice(8 + header, data.capacity() - 8 - header).order(ByteOrder.LITTLE_ENDIAN);
        try (JsonParser json = new JsonFactory().createParser(data.array(), 8, header)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                entries.put(name, entry(json, body));
            }
        }
    }

    Entry get(String name) {
        return entries.get(name);
    }

    float[] floats(String name) {
        Entry entry = entries.get(name);
        float[] values = new float[entry.shape.stream().reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = entry.type.equals("I64")
                    ? entry.bytes.getLong(i * Long.BYTES)
                    : entry.bytes.getFloat(i * Float.BYTES);
        }
        return values;
    }

    private static Entry entry(JsonParser json, ByteBuffer body) throws IOException {
        String type = null;
        List<Integer> shape = null;
        List<Integer> offsets = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "dtype" -> type = json.getText();
                case "shape" -> shape = integers(json);
                case "data_offsets" -> offsets = integers(json);
                default -> json.skipChildren();
            }
        }
        ByteBuffer bytes =
                body.slice(offsets.get(0), offsets.get(1) - offsets.get(0)).order(ByteOrder.LITTLE_ENDIAN);
        return new Entry(type, shape, bytes);
    }

    private static List<Integer> integers(JsonParser json) throws IOException {
        List<Integer> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) values.add(json.getIntValue());
        return values;
    }
}
