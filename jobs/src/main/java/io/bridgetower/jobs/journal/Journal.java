package io.bridgetower.jobs.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The record of a job, next to its output: its version and what the job computes, on the first line, then how far it has
 * come, a line for each checkpoint. Lines are JSON and are only ever appended, so that a run which is killed leaves at
 * most a torn last line, which is cut off by the next. While one process has it open, another cannot.
 */
public final class Journal implements AutoCloseable {
    private static final JsonFactory FACTORY = new JsonFactory();

    private static final String FORMAT = "format";
    private static final String FORMAT_NAME = "bridgetower-job-1";

    /** A checkpoint every second for a month is less. */
    private static final long LARGEST_FILE = 1 << 28;

    /**
     * How far a job has come.
     *
     * @param rows results that are safely in the output
     * @param failed how many of these are failures
     * @param bytes of the output that hold them
     */
    public record Checkpoint(long rows, long failed, long bytes) {
        static final Checkpoint NONE = new Checkpoint(0, 0, 0);

        private Map<String, String> fields() {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("rows", Long.toString(rows));
            fields.put("failed", Long.toString(failed));
            fields.put("bytes", Long.toString(bytes));
            return fields;
        }

        /** @throws NumberFormatException if a field is missing or not a number */
        private static Checkpoint of(Map<String, String> fields) {
            return new Checkpoint(
                    Long.parseLong(fields.get("rows")),
                    Long.parseLong(fields.get("failed")),
                    Long.parseLong(fields.get("bytes")));
        }

        private boolean follows(Checkpoint before) {
            return rows >= before.rows && bytes >= before.bytes && failed >= before.failed && failed <= rows;
        }
    }

    private final ExclusiveFile file;

    /** The first line; null if there is none that is whole. */
    private Map<String, String> begun;

    private Checkpoint last = Checkpoint.NONE;

    /** Where the next line begins. */
    private long end;

    private Journal(ExclusiveFile file) {
        this.file = file;
    }

    /**
     * Opens a journal, or creates an empty one. What it holds is not looked at, and stays as it is until something is
     * written.
     *
     * @throws FileSystemException if another job has it open
     */
    public static Journal open(Path path) throws IOException {
        return new Journal(ExclusiveFile.open(path));
    }

    /**
     * Reads what it holds.
     *
     * @throws MalformedFileException if it is not a journal of this version
     */
    public void read() throws IOException {
        if (file.size() > LARGEST_FILE) {
            throw new MalformedFileException(
                    file.path(),
                    null,
                    "not a job's journal: " + file.size() + " bytes, expected at most " + LARGEST_FILE);
        }
        // One byte is one character, so that ends of lines are positions in the file.
        String text = new String(file.read(), StandardCharsets.ISO_8859_1);
        int start = text.indexOf('\n') + 1;
        if (start > 0) begun = manifest(text.substring(0, start));
        else if (!text.isEmpty() && !text.startsWith("{")) manifest(text);
        for (int next = text.indexOf('\n', start) + 1; next > 0; next = text.indexOf('\n', start) + 1) {
            last = checkpoint(text.substring(start, next));
            start = next;
        }
        end = start;
    }

    /** Whether it has been found to hold no job. */
    public boolean isEmpty() {
        return begun == null;
    }

    /**
     * Begins a job, in the place of one that began here before.
     *
     * @param manifest what the job computes
     */
    public void begin(Map<String, String> manifest) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(FORMAT, FORMAT_NAME);
        fields.putAll(manifest);
        end = 0;
        write(fields);
        begun = fields;
        last = Checkpoint.NONE;
    }

    /**
     * Demands that the job which began here computes the same.
     *
     * @throws MalformedFileException with the field that differs
     */
    public void check(Map<String, String> manifest) throws MalformedFileException {
        Set<String> names = new LinkedHashSet<>(manifest.keySet());
        names.addAll(begun.keySet());
        names.remove(FORMAT);
        for (String name : names) {
            String found = begun.get(name), expected = manifest.get(name);
            if (expected != null && expected.equals(found)) continue;
            throw new MalformedFileException(
                    file.path(),
                    name,
                    "the job that began here had " + (found == null ? "none" : found) + ", this one has "
                            + (expected == null ? "none" : expected));
        }
    }

    /** The last checkpoint. */
    public Checkpoint last() {
        return last;
    }

    /** Adds a checkpoint, which is on the disk when this returns. */
    void append(Checkpoint checkpoint) throws IOException {
        write(checkpoint.fields());
        last = checkpoint;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private Map<String, String> manifest(String line) throws IOException {
        Map<String, String> fields = fields(line);
        String format = fields.get(FORMAT);
        if (FORMAT_NAME.equals(format)) return fields;
        throw new MalformedFileException(
                file.path(), FORMAT, "expected " + FORMAT_NAME + ", found " + (format == null ? "none" : format));
    }

    private Checkpoint checkpoint(String line) throws IOException {
        try {
            Checkpoint checkpoint = Checkpoint.of(fields(line));
            if (checkpoint.follows(last)) return checkpoint;
        } catch (NumberFormatException e) {
            // The same complaint as about numbers that cannot be.
        }
        throw new MalformedFileException(file.path(), null, "expected a checkpoint after " + last + ", found " + line);
    }

    private void write(Map<String, String> fields) throws IOException {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            for (Map.Entry<String, String> field : fields.entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeEndObject();
        }
        file.truncate(end);
        file.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        file.force();
        end = file.position();
    }

    private Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = FACTORY.createParser(line.getBytes(StandardCharsets.ISO_8859_1))) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) fields.put(json.currentName(), json.nextTextValue());
            }
            return fields;
        } catch (JsonProcessingException e) {
            throw new MalformedFileException(file.path(), null, "not a job's journal: " + e.getOriginalMessage(), e);
        }
    }
}
