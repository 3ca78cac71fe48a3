package io.bridgetower.cli.pair;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.cli.terminal.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Scores for machines. */
final class ScoreJson {
    private ScoreJson() {}

    static void write(List<Score> scores, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartArray();
            for (Score score : scores) {
                json.writeStartObject();
                json.writeStringField("image", score.image());
                json.writeStringField("text", score.text());
                json.writeArrayFieldStart("logits");
                for (float logit : score.logits()) json.writeNumber(logit);
                json.writeEndArray();
                json.writeNumberField("probability", score.probability());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeRaw('\n');
        }
    }
}
