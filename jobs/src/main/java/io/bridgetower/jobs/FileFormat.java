package io.bridgetower.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;

/** How rows and results are written, by the ends of file names. */
enum FileFormat {
    /** An object of JSON on every line. */
    JSONL,
    /** Comma-separated values below a line of names. */
    CSV;

    /** @throws IllegalArgumentException if the name ends in neither */
    static FileFormat of(Path file) {
        String name =
                file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        for (FileFormat format : values()) if (name.endsWith(format.ending())) return format;
        throw new IllegalArgumentException(file + ": expected a name that ends in .jsonl or .csv");
    }

    private String ending() {
        return "." + name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads rows.
     *
     * @param in buffered; stays the caller's to close
     */
    Rows rows(Path file, InputStream in) throws IOException {
        return switch (this) {
            case JSONL -> new JsonlRows(in);
            case CSV -> new CsvRows(file, in);
        };
    }

    ResultText results(Task task) {
        return switch (this) {
            case JSONL -> new JsonlText();
            case CSV -> new CsvText(task);
        };
    }
}
