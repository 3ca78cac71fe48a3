package io.bridgetower.jobs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;

/** Rows of JSON lines, {@code {"id": …, "image": …, "text": …}}. Blank lines are passed over, other fields too. */
final class JsonlRows implements Rows {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final Lines lines;
    private Lines.Line next;

    JsonlRows(InputStream in) {
        lines = new Lines(in);
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null || next.text() != null && next.text().isBlank()) {
                next = lines.next();
                if (next == null) return false;
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public PairRow<RowId> next() {
        if (!hasNext()) throw new NoSuchElementException();
        Lines.Line line = next;
        next = null;
        if (line.text() == null) return broken(RowId.NONE, line, line.problem());
        Fields fields = new Fields();
        try (JsonParser json = FACTORY.createParser(line.text())) {
            String problem = fields.read(json);
            if (problem == null && fields.id == null) problem = "no id";
            RowId id = fields.id == null ? RowId.NONE : fields.id;
            return problem == null ? PairRow.of(id, fields.image, fields.text) : broken(id, line, problem);
        } catch (JsonProcessingException e) {
            RowId id = fields.id == null ? RowId.NONE : fields.id;
            return broken(id, line, "not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PairRow<RowId> broken(RowId id, Lines.Line line, String problem) {
        return PairRow.broken(id, "line " + line.number() + ": " + problem.replaceAll("\\p{Cntrl}", " "));
    }

    private static final class Fields {
        private RowId id;
        private String image;
        private String text;

        /** Reads a line; why it is no row, or null. */
        String read(JsonParser json) throws IOException {
            if (json.nextToken() != JsonToken.START_OBJECT) return "expected an object";
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "id" -> {
                        boolean number = value.isNumeric();
                        if (!number && value != JsonToken.VALUE_STRING) return "id: expected a string or a number";
                        id = new RowId(json.getText(), number);
                    }
                    case "image" -> {
                        if (value != JsonToken.VALUE_STRING) return "image: expected a string";
                        image = json.getText();
                    }
                    case "text" -> {
                        if (value != JsonToken.VALUE_STRING) return "text: expected a string";
                        text = json.getText();
                    }
                    default -> json.skipChildren();
                }
            }
            return json.nextToken() == null ? null : "expected one object, found more";
        }
    }
}
