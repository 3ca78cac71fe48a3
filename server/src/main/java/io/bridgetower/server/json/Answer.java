package io.bridgetower.server.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.server.http.Exchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** Answers in JSON. */
public final class Answer {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Answer() {}

    /** Writes the fields of an object, or the items of an array. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of them. */
        void write(JsonGenerator json) throws IOException;
    }

    /** Answers with an object. */
    public static void object(Exchange exchange, Content fields) throws IOException {
        send(exchange, 200, json -> {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        });
    }

    /** Answers with an array. */
    public static void array(Exchange exchange, Content items) throws IOException {
        send(exchange, 200, json -> {
            json.writeStartArray();
            items.write(json);
            json.writeEndArray();
        });
    }

    /** Answers with any value. */
    public static void send(Exchange exchange, int status, Content content) throws IOException {
        exchange.send(status, "application/json", out -> {
            try (JsonGenerator json = FACTORY.createGenerator(out)) {
                content.write(json);
            }
        });
    }

    /** A vector as an array of numbers. */
    public static void writeVector(JsonGenerator json, float[] vector) throws IOException {
        json.writeStartArray();
        for (float value : vector) json.writeNumber(value);
        json.writeEndArray();
    }

    /** A vector as Base64 of its values in 32 bits, least significant byte first. */
    public static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
