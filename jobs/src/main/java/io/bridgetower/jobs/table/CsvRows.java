package io.bridgetower.jobs.table;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.jobs.rows.PairRow;
import io.bridgetower.jobs.rows.RowId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Rows of separated values (RFC 4180) whose first line names the columns. Values are separated by commas, semicolons or
 * tabs, whichever gives the columns that are needed.
 */
final class CsvRows implements Rows {
    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');

    /** Characters of the first line that are looked at to find the separator. */
    private static final int HEADER = 1 << 16;

    private final Path file;
    private final TableText text;
    private final CsvReader.CsvReaderBuilder parser;
    private final CsvRecords records;
    private final int columns;
    private final int id;
    private final int image;
    private final int caption;
    private CsvRecords.Record next;
    private long number;

    /**
     * @param file named in complaints
     * @param in buffered
     * @throws MalformedFileException if the first line does not name the columns
     */
    CsvRows(Path file, InputStream in, TableOptions options) throws IOException {
        this.file = file;
        text = TableText.open(in, options.encoding());
        char separator = separator(text.reader(), options);
        parser = parser(separator);
        records = new CsvRecords(text.reader(), separator);
        CsvRecords.Record header = records.next();
        List<String> names = header == null ? List.of() : names(header);
        columns = names.size();
        id = column(Column.ID, names, options);
        image = column(Column.IMAGE, names, options);
        caption = column(Column.TEXT, names, options);
    }

    @Override
    public boolean hasNext() {
        if (next != null) return true;
        try {
            next = records.next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (next != null && next.open()) {
            throw new UncheckedIOException(new MalformedFileException(
                    file, null, "line " + next.line() + ": a quoted field begins here that is not closed"));
        }
        return next != null;
    }

    @Override
    public PairRow<RowId> next() {
        if (!hasNext()) throw new NoSuchElementException();
        CsvRecords.Record record = next;
        next = null;
        number++;
        RowId rowId = id < 0 ? RowId.of(number) : RowId.NONE;
        if (record.problem() != null) return broken(rowId, record, record.problem());
        List<String> fields;
        try {
            fields = parser.ofSingleCsvRecord(record.text()).getFields();
        } catch (CsvParseException e) {
            String problem = text.problem(record.text());
            return broken(rowId, record, problem != null ? problem : "text behind the end of a quoted field");
        }
        boolean named = id >= 0 && id < fields.size() && !fields.get(id).isEmpty();
        if (named && text.problem(fields.get(id)) == null) rowId = RowId.of(fields.get(id));
        String problem = text.problem(record.text());
        if (problem != null) return broken(rowId, record, problem);
        if (fields.size() != columns) {
            return broken(rowId, record, "expected " + columns + " fields, found " + fields.size());
        }
        if (rowId == RowId.NONE) return broken(rowId, record, "no id");
        PairRow<RowId> row = PairRow.of(rowId, fields.get(image), fields.get(caption));
        problem = Lines.problem(row);
        return problem == null ? row : broken(rowId, record, problem);
    }

    private static CsvReader.CsvReaderBuilder parser(char separator) {
        return CsvReader.builder()
                .fieldSeparator(separator)
                .allowExtraFields(true)
                .allowMissingFields(true);
    }

    private static PairRow<RowId> broken(RowId id, CsvRecords.Record record, String problem) {
        return PairRow.broken(id, "line " + record.line() + ": " + problem);
    }

    /** The separator for which the first line has the columns that are needed, or else the most. */
    private static char separator(BufferedReader in, TableOptions options) throws IOException {
        in.mark(HEADER);
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < HEADER; i++) {
            int c = in.read();
            boolean ends = c < 0 || c == '\n' || c == '\r';
            if (ends && (c < 0 || !line.isEmpty())) break;
            if (!ends) line.append((char) c);
        }
        in.reset();
        char best = SEPARATORS.getFirst();
        int most = 0;
        for (char separator : SEPARATORS) {
            List<String> names = names(line.toString(), separator);
            boolean complete = has(Column.IMAGE, names, options) && has(Column.TEXT, names, options);
            int worth = complete ? HEADER + names.size() : names.size();
            if (worth > most) {
                most = worth;
                best = separator;
            }
        }
        return best;
    }

    private static boolean has(Column column, List<String> names, TableOptions options) {
        return names.stream().anyMatch(name -> column.matches(name, options));
    }

    private static List<String> names(String line, char separator) {
        if (line.isBlank()) return List.of();
        try {
            return parser(separator).ofSingleCsvRecord(line).getFields();
        } catch (CsvParseException e) {
            return List.of();
        }
    }

    private List<String> names(CsvRecords.Record header) throws MalformedFileException {
        String problem = header.problem() != null ? header.problem() : text.problem(header.text());
        if (problem != null) throw new MalformedFileException(file, null, "line " + header.line() + ": " + problem);
        try {
            return parser.ofSingleCsvRecord(header.text()).getFields();
        } catch (CsvParseException e) {
            throw new MalformedFileException(
                    file, null, "line " + header.line() + ": text behind the end of a quoted field", e);
        }
    }

    private int column(Column column, List<String> names, TableOptions options) throws MalformedFileException {
        int index;
        try {
            index = column.in(names, options);
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(file, column.label(), e.getMessage(), e);
        }
        String named = column.named(options);
        if (index >= 0 || column == Column.ID && named == null) return index;
        String expected = named != null ? "a column " + named : "columns id, image and text";
        throw new MalformedFileException(
                file, column.label(), "expected " + expected + " in the first line, found " + String.join(", ", names));
    }
}
