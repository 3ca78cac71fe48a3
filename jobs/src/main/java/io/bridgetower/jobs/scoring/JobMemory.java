package io.bridgetower.jobs.scoring;

import io.bridgetower.processor.image.PixelReader;

/** How a job divides the memory that it may hold. */
public final class JobMemory {
    /** Images that are encoded together at the most: enough to keep all threads busy. */
    private static final int LARGEST_BATCH = 16;

    private final long imageCacheBytes;
    private final long textCacheBytes;
    private final int images;
    private final int slots;
    private final int batch;

    /** @throws IllegalArgumentException if there is not enough for two images */
    public JobMemory(Head<?, ?> head, PixelReader reader, long bytes) {
        int patch = head.trunk().config().visionConfig().patchSize();
        long pixels = reader.byteSize();
        long encoding = head.mostBytesOfImage(reader.patches(patch));
        // Halves: encoded images, and everything else: texts and pixels, which wait in slots and pass through a
        // batch.
        imageCacheBytes = bytes / 2;
        textCacheBytes = bytes / 8;
        images = (int) Math.min(imageCacheBytes / encoding, 1 << 16);
        batch = (int) Math.min(bytes / 8 / pixels, LARGEST_BATCH);
        slots = (int) Math.min(bytes / 8 / pixels, 4 * LARGEST_BATCH);
        if (images < 2 || batch < 2) {
            long least = Math.max(4 * encoding, 16 * pixels);
            throw new IllegalArgumentException("memory of the job: expected at least " + Math.ceilDiv(least, 1 << 20)
                    + "m for this model, found " + (bytes >> 20) + "m");
        }
    }

    /** For encoded images, those in use included. */
    long imageCacheBytes() {
        return imageCacheBytes;
    }

    long textCacheBytes() {
        return textCacheBytes;
    }

    /** Distinct images that may be in use at a time. */
    int images() {
        return images;
    }

    /** Images that may be decoded, or be about to be, and not yet encoded. */
    int slots() {
        return slots;
    }

    /** Images that are encoded together at the most. */
    int batch() {
        return batch;
    }
}
