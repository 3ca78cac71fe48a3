package io.bridgetower.jobs;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * The output of a job that has not ended. What is behind the last checkpoint of the journal is cut off when it is opened:
 * a run that is killed may have left a part of a line there. A checkpoint is in the journal only after what it speaks of
 * is on the disk.
 */
final class PartFile implements AutoCloseable {
    /** From one checkpoint to the next: what a killed run has to compute again at the most. */
    private static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int BUFFER_BYTES = 1 << 16;

    private final FileChannel channel;
    private final Journal journal;
    private final ResultText text;
    private final StringBuilder buffer = new StringBuilder();
    private long rows;
    private long failed;
    private long checkpointAt = System.nanoTime();

    PartFile(Path path, Journal journal, ResultText text) throws IOException {
        this.journal = journal;
        this.text = text;
        Journal.Checkpoint last = journal.last();
        rows = last.rows();
        failed = last.failed();
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.size() < last.bytes()) {
                throw new MalformedFileException(
                        path, null, "has " + channel.size() + " bytes, its journal knows of " + last.bytes());
            }
            channel.truncate(last.bytes());
            channel.position(last.bytes());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (last.bytes() == 0) buffer.append(text.header());
    }

    long rows() {
        return rows;
    }

    long failed() {
        return failed;
    }

    /** @throws UncheckedIOException if it cannot be written */
    void append(PairResult<RowId> result) {
        buffer.append(text.line(result));
        rows++;
        if (result.outcome() instanceof Outcome.Failed) failed++;
        try {
            if (System.nanoTime() - checkpointAt >= CHECKPOINT_NANOS) checkpoint();
            else if (buffer.length() >= BUFFER_BYTES) flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes sure that no later run computes again what has been appended. */
    void checkpoint() throws IOException {
        flush();
        channel.force(true);
        journal.append(new Journal.Checkpoint(rows, failed, channel.position()));
        checkpointAt = System.nanoTime();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void flush() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) channel.write(bytes);
        buffer.setLength(0);
    }
}
