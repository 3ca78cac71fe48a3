package io.bridgetower.jobs.journal;

import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.PairResult;
import io.bridgetower.jobs.rows.RowId;
import io.bridgetower.jobs.table.ResultText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The output of a job that has not ended. What is behind the last checkpoint of the journal is cut off when writing
 * begins: a run that is killed may have left a part of a line there. A checkpoint is in the journal only after what it
 * speaks of is on the disk.
 */
public final class PartFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final ExclusiveFile file;
    private final Journal journal;
    private final ResultText text;
    private final long checkpointNanos;
    private final StringBuilder buffer = new StringBuilder();
    private long rows;
    private long failed;
    private long checkpointAt;

    /** @param checkpointNanos from one checkpoint to the next, at the least */
    private PartFile(ExclusiveFile file, Journal journal, ResultText text, long checkpointNanos) {
        this.file = file;
        this.journal = journal;
        this.text = text;
        this.checkpointNanos = checkpointNanos;
    }

    /**
     * Opens the file, or creates it. What it holds stays as it is.
     *
     * @throws java.nio.file.FileSystemException if another job has it open
     */
    public static PartFile open(Path path, Journal journal, ResultText text, long checkpointNanos) throws IOException {
        return new PartFile(ExclusiveFile.open(path), journal, text, checkpointNanos);
    }

    /** Begins to write behind the last checkpoint. */
    public void begin() throws IOException {
        Journal.Checkpoint last = journal.last();
        rows = last.rows();
        failed = last.failed();
        file.truncate(last.bytes());
        if (last.bytes() == 0) buffer.append(text.header());
        checkpointAt = System.nanoTime();
    }

    public long rows() {
        return rows;
    }

    public long failed() {
        return failed;
    }

    /** @throws UncheckedIOException if it cannot be written */
    public void append(PairResult<RowId> result) {
        buffer.append(text.line(result));
        rows++;
        if (result.outcome() instanceof Outcome.Failed) failed++;
        if (buffer.length() < BUFFER_BYTES) return;
        try {
            flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes a checkpoint if the last one is old enough. Called when rows that were computed together have been appended.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public void checkpointIfDue() {
        if (System.nanoTime() - checkpointAt < checkpointNanos) return;
        try {
            checkpoint();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes sure that no later run computes again what has been appended. */
    public void checkpoint() throws IOException {
        flush();
        file.force();
        journal.append(new Journal.Checkpoint(rows, failed, file.position()));
        checkpointAt = System.nanoTime();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void flush() throws IOException {
        file.write(buffer.toString().getBytes(StandardCharsets.UTF_8));
        buffer.setLength(0);
    }
}
