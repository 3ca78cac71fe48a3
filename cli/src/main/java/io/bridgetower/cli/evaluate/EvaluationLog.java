package io.bridgetower.cli.evaluate;

import io.bridgetower.files.MalformedFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * What an evaluation has computed so far: on the first line of a file what is evaluated, then a line for each item, its number
 * and its values. Lines are only appended; a torn last line, as a killed process leaves it, is cut off. While one process has
 * the file open, another cannot.
 */
final class EvaluationLog implements AutoCloseable {
    /** Keeps nothing. */
    static final EvaluationLog NONE = new EvaluationLog(null, null);

    private final Path path;
    private final FileChannel channel;
    private final Map<Integer, float[]> items = new HashMap<>();

    private EvaluationLog(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens a log.
     *
     * @param manifest one line that tells evaluations apart
     * @param resume whether to read what is there
     * @throws MalformedFileException if that is of another evaluation
     * @throws FileSystemException if another process has the file open
     */
    static EvaluationLog open(Path path, String manifest, boolean resume) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        EvaluationLog log = new EvaluationLog(path, channel);
        try {
            if (channel.tryLock() == null) throw inUse(path);
            long end = resume ? log.read(manifest) : 0;
            channel.truncate(end).position(end);
            if (end == 0) log.append(manifest);
            return log;
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(path);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileSystemException inUse(Path path) {
        return new FileSystemException(path.toString(), null, "another evaluation is writing to it");
    }

    /** The values of an item; null if it is still to be computed. */
    float[] get(int item) {
        return items.get(item);
    }

    /** Keeps the values of an item; returns when they are on the disk. */
    void put(int item, float[] values) throws IOException {
        items.put(item, values);
        if (channel == null) return;
        StringBuilder line = new StringBuilder().append(item);
        for (float value : values) line.append(' ').append(value);
        append(line.toString());
        channel.force(false);
    }

    /** Deletes the file. */
    void discard() throws IOException {
        if (path != null) Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) channel.close();
    }

    private void append(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    /** Reads whole lines; returns where they end. */
    private long read(String manifest) throws IOException {
        long end = 0, size = channel.size();
        try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long next = end + line.getBytes(StandardCharsets.UTF_8).length + 1;
                if (next > size) return end;
                if (end == 0) {
                    if (!line.equals(manifest)) {
                        throw new MalformedFileException(
                                path, null, "is of another evaluation: expected " + manifest + ", found " + line);
                    }
                } else {
                    item(line);
                }
                end = next;
            }
            return end;
        }
    }

    private void item(String line) throws MalformedFileException {
        String[] parts = line.split(" ");
        try {
            float[] values = new float[parts.length - 1];
            for (int i = 0; i < values.length; i++) values[i] = Float.parseFloat(parts[i + 1]);
            items.put(Integer.parseInt(parts[0]), values);
        } catch (NumberFormatException e) {
            throw new MalformedFileException(path, null, "expected numbers, found \"" + line + "\"", e);
        }
    }
}
