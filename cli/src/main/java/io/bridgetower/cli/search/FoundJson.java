package io.bridgetower.cli.search;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.cli.terminal.Json;
import io.bridgetower.search.index.IndexedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** What a search has found, for machines. */
final class FoundJson {
    private FoundJson() {}

    static void write(List<Found> all, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartArray();
            for (Found found : all) {
                json.writeStartObject();
                json.writeStringField(
                        found.item() instanceof IndexedImage ? "image" : "text",
                        found.item().toString());
                json.writeNumberField("similarity", found.similarity());
                if (found.probability().isPresent()) {
                    json.writeNumberField("probability", found.probability().getAsDouble());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeRaw('\n');
        }
    }
}
