package io.bridgetower.jobs.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.bridgetower.jobs.rows.PairRow;
import io.bridgetower.jobs.rows.RowId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** Rows of JSON lines, {@code {"id": …, "image": …, "text": …}}. Blank lines are passed over, other fields too. */
final class JsonlRows implements Rows {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final TableOptions options;
    private final Lines lines;
    private Lines.Line next;
    private long number;

    /** @param in buffered */
    JsonlRows(InputStream in, TableOptions options) throws IOException {
        this.options = options;
        lines = new Lines(TableText.open(in, options.encoding()));
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
        number++;
        if (line.text() == null) return broken(RowId.NONE, line, line.problem());
        Map<String, Value> fields = new LinkedHashMap<>();
        try {
            return row(line, fields, read(line, fields));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The row of what has been read of a line. */
    private PairRow<RowId> row(Lines.Line line, Map<String, Value> fields, String problem) {
        RowId rowId = RowId.NONE;
        Field id, image, text;
        try {
            id = field(Column.ID, fields);
            if (id.value() != null && id.value().isScalar()) {
                rowId = new RowId(id.value().text(), id.value().isNumber());
            }
            image = field(Column.IMAGE, fields);
            text = field(Column.TEXT, fields);
        } catch (IllegalArgumentException e) {
            return broken(rowId, line, e.getMessage());
        }
        if (problem != null) return broken(rowId, line, problem);
        if (id.value() == null) {
            if (options.idColumn() != null) return broken(rowId, line, "no " + id.name());
            rowId = RowId.of(number);
        }
        if (rowId == RowId.NONE) return broken(rowId, line, id.name() + ": expected a string or a number");
        if (!image.isText()) return broken(rowId, line, image.name() + ": expected a string");
        if (!text.isText()) return broken(rowId, line, text.name() + ": expected a string");
        PairRow<RowId> row = PairRow.of(rowId, image.text(), text.text());
        problem = Lines.problem(row);
        return problem == null ? row : broken(rowId, line, problem);
    }

    /** @throws IllegalArgumentException if several fields may be it */
    private Field field(Column column, Map<String, Value> fields) {
        List<String> names = new ArrayList<>(fields.keySet());
        int index = column.in(names, options);
        if (index >= 0) return new Field(names.get(index), fields.get(names.get(index)));
        return new Field(column.named(options) == null ? column.label() : column.named(options), null);
    }

    private static PairRow<RowId> broken(RowId id, Lines.Line line, String problem) {
        return PairRow.broken(id, "line " + line.number() + ": " + problem.replaceAll("\\p{Cntrl}", " "));
    }

    /** Reads those fields of a line that may be needed; why it is no row, or null. */
    private String read(Lines.Line line, Map<String, Value> fields) throws IOException {
        try (JsonParser json = FACTORY.createParser(line.text())) {
            return read(json, fields);
        } catch (JsonProcessingException e) {
            return "not valid JSON: " + e.getOriginalMessage();
        }
    }

    private String read(JsonParser json, Map<String, Value> fields) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) return "expected an object";
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            boolean needed = false;
            for (Column column : Column.values()) needed |= column.matches(name, options);
            if (needed) fields.put(name, new Value(token, token.isStructStart() ? null : json.getText()));
            json.skipChildren();
        }
        return json.nextToken() == null ? null : "expected one object, found more";
    }

    /**
     * A value of JSON.
     *
     * @param text null for an object or array
     */
    private record Value(JsonToken token, String text) {
        boolean isNumber() {
            return token.isNumeric();
        }

        boolean isText() {
            return token == JsonToken.VALUE_STRING;
        }

        boolean isScalar() {
            return isNumber() || isText();
        }
    }

    /**
     * A field that is the id, the image or the text.
     *
     * @param value null if the object does not have it
     */
    private record Field(String name, Value value) {
        boolean isText() {
            return value == null || value.isText();
        }

        String text() {
            return value == null ? null : value.text();
        }
    }
}
