package io.bridgetower.jobs;

import java.util.Objects;

/**
 * How a job runs.
 *
 * @param task what it computes
 * @param maxBytes bound of what it holds off the heap beside the model: encodings and pixels
 * @param truncate whether a text that is too long is cut off instead of failing
 * @param top words for each gap of {@link Task#FILL}
 */
public record JobOptions(Task task, long maxBytes, boolean truncate, int top) {
    /** @throws IllegalArgumentException if a number is not positive */
    public JobOptions {
        Objects.requireNonNull(task, "task");
        if (maxBytes < 1) throw new IllegalArgumentException("bytes: expected 1 or more, found " + maxBytes);
        if (top < 1) throw new IllegalArgumentException("words: expected 1 or more, found " + top);
    }

    /** A gigabyte, no text cut off, five words. */
    public static JobOptions of(Task task) {
        return new JobOptions(task, 1L << 30, false, 5);
    }

    /** The same with another bound of memory. */
    public JobOptions withMaxBytes(long bytes) {
        return new JobOptions(task, bytes, truncate, top);
    }

    /** The same, long texts cut off or not. */
    public JobOptions withTruncate(boolean cut) {
        return new JobOptions(task, maxBytes, cut, top);
    }
}
