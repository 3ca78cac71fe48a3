package io.bridgetower.jobs.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.Filled;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.PairResult;
import io.bridgetower.jobs.rows.RowId;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Results as JSON lines. */
final class JsonlText implements ResultText {
    private static final JsonFactory FACTORY = new JsonFactory();

    @Override
    public String header() {
        return "";
    }

    @Override
    public String line(PairResult<RowId> result) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            json.writeFieldName("id");
            RowId id = result.id();
            if (id.number()) json.writeNumber(id.text());
            else json.writeString(id.text());
            write(json, result.outcome());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.append('\n').toString();
    }

    private static void write(JsonGenerator json, Outcome outcome) throws IOException {
        switch (outcome) {
            case Outcome.Match match -> {
                json.writeArrayFieldStart("logits");
                json.writeNumber(match.noMatch());
                json.writeNumber(match.match());
                json.writeEndArray();
                json.writeNumberField("probability", match.probability());
            }
            case Outcome.Similarity close -> json.writeNumberField("similarity", close.similarity());
            case Outcome.Completed completed -> {
                json.writeStringField("completed", completed.text());
                json.writeArrayFieldStart("masks");
                for (Filled mask : completed.masks()) write(json, mask);
                json.writeEndArray();
            }
            case Outcome.Embedding embedding -> {
                json.writeArrayFieldStart("embedding");
                for (float value : embedding.vector()) json.writeNumber(value);
                json.writeEndArray();
            }
            case Outcome.Failed failed -> json.writeStringField("error", failed.reason());
        }
    }

    private static void write(JsonGenerator json, Filled mask) throws IOException {
        json.writeStartObject();
        json.writeNumberField("token", mask.token());
        json.writeArrayFieldStart("words");
        for (Filled.Word word : mask.words()) {
            json.writeStartObject();
            json.writeStringField("word", word.text());
            json.writeNumberField("probability", word.probability());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
