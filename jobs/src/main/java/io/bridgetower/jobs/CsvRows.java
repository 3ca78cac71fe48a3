package io.bridgetower.jobs;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** Rows of comma-separated values (RFC 4180) whose first line names the columns id, image and text, among others. */
final class CsvRows implements Rows {
    private final Path file;
    private final Iterator<CsvRecord> records;
    private final int columns;
    private final int id;
    private final int image;
    private final int text;

    /**
     * @param file named in complaints
     * @throws MalformedFileException if the first line does not name the columns
     */
    CsvRows(Path file, InputStream in) throws IOException {
        this.file = file;
        records = CsvReader.builder()
                .allowExtraFields(true)
                .allowMissingFields(true)
                .maxBufferSize(Lines.LONGEST)
                .detectBomHeader(true)
                .ofCsvRecord(in, StandardCharsets.UTF_8)
                .iterator();
        List<String> names = hasNext() ? record().getFields() : List.of();
        columns = names.size();
        id = column(names, "id");
        image = column(names, "image");
        text = column(names, "text");
    }

    @Override
    public boolean hasNext() {
        try {
            return records.hasNext();
        } catch (CsvParseException e) {
            throw unreadable(e);
        }
    }

    @Override
    public PairRow<RowId> next() {
        CsvRecord record = record();
        String name = id < record.getFieldCount() ? record.getField(id) : "";
        RowId rowId = name.isEmpty() ? RowId.NONE : RowId.of(name);
        if (record.getFieldCount() != columns) {
            return broken(rowId, record, "expected " + columns + " fields, found " + record.getFieldCount());
        }
        if (name.isEmpty()) return broken(rowId, record, "no id");
        return PairRow.of(rowId, record.getField(image), record.getField(text));
    }

    private CsvRecord record() {
        try {
            return records.next();
        } catch (CsvParseException e) {
            throw unreadable(e);
        }
    }

    private static PairRow<RowId> broken(RowId id, CsvRecord record, String problem) {
        return PairRow.broken(id, "line " + record.getStartingLineNumber() + ": " + problem);
    }

    private UncheckedIOException unreadable(CsvParseException e) {
        return new UncheckedIOException(new MalformedFileException(file, null, e.getMessage(), e));
    }

    private int column(List<String> names, String name) throws MalformedFileException {
        int index = names.indexOf(name);
        if (index >= 0) return index;
        throw new MalformedFileException(
                file, name, "expected columns id, image and text in the first line, found " + String.join(", ", names));
    }
}
