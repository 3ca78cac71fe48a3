package io.bridgetower.cli.preprocess;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.cli.terminal.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Tokens for machines. */
final class JsonTokenWriter implements TokenWriter {
    private final JsonGenerator json;

    JsonTokenWriter(OutputStream out) throws IOException {
        json = Json.generator(out);
        json.setRootValueSeparator(null);
    }

    @Override
    public void write(int[] ids, List<String> tokens) throws IOException {
        json.writeStartObject();
        json.writeFieldName("ids");
        json.writeArray(ids, 0, ids.length);
        json.writeArrayFieldStart("tokens");
        for (String token : tokens) json.writeString(token);
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
    }

    @Override
    public void flush() throws IOException {
        json.flush();
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
