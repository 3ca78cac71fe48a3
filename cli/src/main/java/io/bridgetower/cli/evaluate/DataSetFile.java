package io.bridgetower.cli.evaluate;

import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.TextLines;
import io.bridgetower.files.JsonReader;
import io.bridgetower.files.MalformedFileException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the records of a data set one by one: files may be large. */
final class DataSetFile {
    private DataSetFile() {}

    /** Takes a record. */
    @FunctionalInterface
    interface Consumer {
        void accept(Fields fields) throws IOException;
    }

    /**
     * Reads the objects of a list that is a field of the outermost object.
     *
     * @param list the name of the field
     * @return the other field of the outermost object that is asked for, if it is a text; else null
     */
    static String read(Path file, String list, String other, Consumer consumer) throws IOException {
        boolean found = false;
        String text = null;
        try (JsonReader json = new JsonReader(file, new BufferedInputStream(Files.newInputStream(file)))) {
            json.beginObject();
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                if (name.equals(list)) {
                    found = true;
                    json.beginArray();
                    int index = 0;
                    for (Object item = json.nextItem(); item != null; item = json.nextItem()) {
                        consumer.accept(Fields.of(file, list + "[" + index++ + "]", item));
                    }
                } else if (name.equals(other)) {
                    text = json.value() instanceof String value ? value : null;
                } else {
                    json.skip();
                }
            }
            json.end();
        }
        if (!found) throw new MalformedFileException(file, list, "missing: expected a list");
        return text;
    }

    /** Reads the objects of a file with one on every line that is not empty. */
    static void readLines(Path file, Consumer consumer) throws IOException, Failure {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            TextLines lines = new TextLines(in, file.toString());
            int number = 0;
            for (String line = TextLines.withoutMark(lines.next()); line != null; line = lines.next()) {
                number++;
                if (line.isBlank()) continue;
                try (JsonReader json = new JsonReader(file, new StringReader(line))) {
                    Object value = json.value();
                    json.end();
                    consumer.accept(Fields.of(file, "line " + number, value));
                } catch (MalformedFileException e) {
                    if (e.field() != null && e.field().startsWith("line ")) throw e;
                    throw new MalformedFileException(file, "line " + number, e.getMessage(), e);
                }
            }
        }
    }
}
