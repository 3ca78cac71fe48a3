package io.bridgetower.cli.pair;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.cli.terminal.Json;
import java.io.IOException;
import java.io.OutputStream;

/** Vectors for machines, each written out at once. The array is begun by the first and ended by {@link #finish}. */
final class EmbeddingJson implements Embedder.Sink, AutoCloseable {
    private final JsonGenerator json;
    private boolean begun;

    EmbeddingJson(OutputStream out) throws IOException {
        // What fails is to look incomplete.
        json = Json.generator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
    }

    @Override
    public void write(String image, String text, float[] vector) throws IOException {
        if (!begun) json.writeStartArray();
        begun = true;
        json.writeStartObject();
        if (image != null) json.writeStringField("image", image);
        if (text != null) json.writeStringField("text", text);
        json.writeArrayFieldStart("embedding");
        for (float value : vector) json.writeNumber(value);
        json.writeEndArray();
        json.writeEndObject();
        json.flush();
    }

    /** Ends the array. */
    void finish() throws IOException {
        json.writeEndArray();
        json.writeRaw('\n');
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
