package io.bridgetower.jobs.table;

import io.bridgetower.jobs.rows.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;

/** How rows and results are written, by the ends of file names. */
public enum FileFormat {
    /** An object of JSON on every line. */
    JSONL,
    /** Comma-separated values below a line of names. */
    CSV,
    /** The same, separated by tabs. */
    TSV;

    /** @throws IllegalArgumentException if the name has none of these ends */
    public static FileFormat of(Path file) {
        String name =
                file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        for (FileFormat format : values()) if (name.endsWith(format.ending())) return format;
        throw new IllegalArgumentException(file + ": expected a name that ends in .tsv, .jsonl or .csv");
    }

    private String ending() {
        return "." + name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads rows. The separator of a table is detected from its first line; the file's name is ignored.
     *
     * @param in buffered; stays the caller's to close
     */
    Rows rows(Path file, InputStream in, TableOptions options) throws IOException {
        return switch (this) {
            case JSONL -> new JsonlRows(in, options);
            case CSV, TSV -> new CsvRows(file, in, options);
        };
    }

    public ResultText results(Task task) {
        return switch (this) {
            case JSONL -> new JsonlText();
            case CSV -> new CsvText(task, ',');
            case TSV -> new CsvText(task, '\t');
        };
    }
}
