package io.bridgetower.jobs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The record of a job, beside its output: what it computes, on the first line, then how far it has come, a line for each
 * checkpoint. Lines are JSON and are only ever appended, so that a run which is killed leaves at most a torn last line,
 * which is cut off by the next. While one process has it open, another cannot.
 */
final class Journal implements AutoCloseable {
    private static final JsonFactory FACTORY = new JsonFactory();

    /**
     * How far a job has come.
     *
     * @param rows results that are safely in the output
     * @param failed how many of these are failures
     * @param bytes of the output that hold them
     */
    record Checkpoint(long rows, long failed, long bytes) {
        static final Checkpoint NONE = new Checkpoint(0, 0, 0);

        private Map<String, String> fields() {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("rows", Long.toString(rows));
            fields.put("failed", Long.toString(failed));
            fields.put("bytes", Long.toString(bytes));
            return fields;
        }

        private static Checkpoint of(Map<String, String> fields) {
            return new Checkpoint(
                    Long.parseLong(fields.get("rows")),
                    Long.parseLong(fields.get("failed")),
                    Long.parseLong(fields.get("bytes")));
        }
    }

    private final Path path;
    private final FileChannel channel;
    private Checkpoint last = Checkpoint.NONE;

    private Journal(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens the journal of a job, or begins it.
     *
     * @param manifest what the job computes
     * @throws FileSystemException if another process has it open
     * @throws MalformedFileException if it is no journal, or that of another job
     */
    static Journal open(Path path, Map<String, String> manifest) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            lock(path, channel);
            Journal journal = new Journal(path, channel);
            journal.read(manifest);
            return journal;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The last checkpoint. */
    Checkpoint last() {
        return last;
    }

    /** Adds a checkpoint, which is on the disk when this returns. */
    void append(Checkpoint checkpoint) throws IOException {
        write(checkpoint.fields());
        last = checkpoint;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static void lock(Path path, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) throw new FileSystemException(path.toString(), null, "another job writes here");
    }

    private void read(Map<String, String> manifest) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) continue;
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        int end = text.indexOf('\n') + 1;
        if (end == 0) {
            channel.truncate(0);
            write(manifest);
            return;
        }
        compare(manifest, fields(text.substring(0, end)));
        for (int next = text.indexOf('\n', end) + 1; next > 0; next = text.indexOf('\n', end) + 1) {
            try {
                last = Checkpoint.of(fields(text.substring(end, next)));
            } catch (NumberFormatException e) {
                throw new MalformedFileException(
                        path, null, "expected a checkpoint, found " + text.substring(end, next), e);
            }
            end = next;
        }
        channel.truncate(end);
        channel.position(end);
    }

    private void compare(Map<String, String> expected, Map<String, String> found) throws MalformedFileException {
        for (Map.Entry<String, String> field : expected.entrySet()) {
            String value = found.get(field.getKey());
            if (field.getValue().equals(value)) continue;
            throw new MalformedFileException(
                    path,
                    field.getKey(),
                    "the job that began here had " + (value == null ? "none" : value) + ", this one has "
                            + field.getValue());
        }
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
        ByteBuffer bytes = ByteBuffer.wrap(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) channel.write(bytes);
        channel.force(true);
    }

    private Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = FACTORY.createParser(line)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) fields.put(json.currentName(), json.nextTextValue());
            }
            return fields;
        } catch (JsonProcessingException e) {
            throw new MalformedFileException(path, null, "not a job's journal: " + e.getOriginalMessage(), e);
        }
    }
}
