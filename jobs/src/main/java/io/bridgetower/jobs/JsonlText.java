package io.bridgetower.jobs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
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
            case Outcome.Filled filled -> {
                json.writeStringField("completed", filled.completed());
                json.writeArrayFieldStart("masks");
                for (Gap gap : filled.gaps()) write(json, gap);
                json.writeEndArray();
            }
            case Outcome.Failed failed -> json.writeStringField("error", failed.reason());
        }
    }

    private static void write(JsonGenerator json, Gap gap) throws IOException {
        json.writeStartObject();
        json.writeNumberField("token", gap.token());
        json.writeArrayFieldStart("words");
        for (Gap.Word word : gap.words()) {
            json.writeStartObject();
            json.writeStringField("word", word.text());
            json.writeNumberField("probability", word.probability());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
