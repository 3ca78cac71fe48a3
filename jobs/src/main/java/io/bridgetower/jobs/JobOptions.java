package io.bridgetower.jobs;

import io.bridgetower.jobs.rows.Task;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.text.Truncation;
import java.util.Objects;

/**
 * How a job runs.
 *
 * @param task what it computes
 * @param maxBytes bound of what it holds off the heap in addition to the model: encodings and pixels
 * @param truncation how a text that is too long is cut off; {@link Truncation#NONE} to let it fail. A length that is left
 *     open is the model's
 * @param top words for each gap of {@link Task#FILL}
 * @param images how images are read, and their size
 */
public record JobOptions(Task task, long maxBytes, Truncation truncation, int top, ImageOptions images) {
    /** @throws IllegalArgumentException if a number is not positive */
    public JobOptions {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(truncation, "truncation");
        Objects.requireNonNull(images, "images");
        if (maxBytes < 1) throw new IllegalArgumentException("bytes: expected 1 or more, found " + maxBytes);
        if (top < 1) throw new IllegalArgumentException("words: expected 1 or more, found " + top);
    }

    /** A gigabyte, no text cut off, five words, images of the model's size. */
    public static JobOptions of(Task task) {
        return new JobOptions(task, 1L << 30, Truncation.NONE, 5, ImageOptions.DEFAULT);
    }

    /** The same with another bound of memory. */
    public JobOptions withMaxBytes(long bytes) {
        return new JobOptions(task, bytes, truncation, top, images);
    }

    /** The same, long texts cut off in another way. */
    public JobOptions withTruncation(Truncation other) {
        return new JobOptions(task, maxBytes, other, top, images);
    }

    /** The same with another number of words for each gap. */
    public JobOptions withTop(int words) {
        return new JobOptions(task, maxBytes, truncation, words, images);
    }

    /** The same for images that are read otherwise, or have another size. */
    public JobOptions withImages(ImageOptions other) {
        return new JobOptions(task, maxBytes, truncation, top, other);
    }
}
