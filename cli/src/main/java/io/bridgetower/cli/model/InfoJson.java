package io.bridgetower.cli.model;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.cli.terminal.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** What a model directory holds, for machines. */
final class InfoJson {
    private InfoJson() {}

    static void write(ModelInfo info, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartObject();
            json.writeStringField("model", info.directory().toString());
            json.writeStringField("architecture", info.architecture().title());
            write(json, "shape", info.shape());
            write(json, "parameters", info.parameters());
            json.writeNumberField("total_parameters", info.totalParameters());
            json.writeArrayFieldStart("heads");
            for (String head : info.heads()) json.writeString(head);
            json.writeEndArray();
            write(json, "dtypes", info.types());
            json.writeNumberField("memory_bytes", info.memoryBytes());
            if (info.costs() != null) {
                json.writeNumberField("text_tokens", ModelInfo.TEXT_TOKENS);
                write(json, "operations", info.costs());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void write(JsonGenerator json, String name, Map<String, ? extends Number> numbers)
            throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, ? extends Number> entry : numbers.entrySet()) {
            json.writeNumberField(entry.getKey(), entry.getValue().longValue());
        }
        json.writeEndObject();
    }
}
