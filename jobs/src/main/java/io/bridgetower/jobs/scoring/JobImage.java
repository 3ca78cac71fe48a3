package io.bridgetower.jobs.scoring;

import io.bridgetower.model.EncodingCache;
import io.bridgetower.processor.image.ImageReaders;
import java.util.concurrent.Future;

/**
 * An image that rows of the window refer to: being decoded into a slot, or encoded.
 *
 * @param <I> what it is encoded as
 */
final class JobImage<I> {
    private final String name;
    private final String label;
    private final int slot;
    private final Future<?> decoding;
    private EncodingCache.Lease<I> encoding;
    private String problem;
    private int rows;

    private JobImage(String name, String label, int slot, Future<?> decoding, EncodingCache.Lease<I> encoding) {
        this.name = name;
        this.label = label;
        this.slot = slot;
        this.decoding = decoding;
        this.encoding = encoding;
    }

    static <I> JobImage<I> encoded(String name, EncodingCache.Lease<I> encoding) {
        return new JobImage<>(name, name, -1, null, encoding);
    }

    /**
     * @param label what messages call it
     * @param decoding writes the pixels into the slot
     */
    static <I> JobImage<I> decoding(String name, String label, int slot, Future<?> decoding) {
        return new JobImage<>(name, label, slot, decoding, null);
    }

    String name() {
        return name;
    }

    int slot() {
        return slot;
    }

    /** Whether its pixels wait to be encoded, and need not be waited for. */
    boolean isDecoded() {
        return needsEncoding() && decoding.state() == Future.State.SUCCESS;
    }

    /** Whether its pixels are here, or may be in some time. */
    boolean needsEncoding() {
        return encoding == null && problem == null;
    }

    /** Waits for the pixels; false if there are none. */
    boolean awaitPixels() {
        Throwable failure = ImageReaders.failure(decoding);
        if (failure == null) return true;
        problem = Reason.of(label, failure);
        return false;
    }

    /** Why it cannot be encoded; null if nothing is wrong. */
    String problem() {
        return problem;
    }

    void encoded(EncodingCache.Lease<I> lease) {
        encoding = lease;
    }

    I encoding() {
        return encoding.value();
    }

    void addRow() {
        rows++;
    }

    /** Whether that was the last of its rows. */
    boolean removeRow() {
        return --rows == 0;
    }

    /** Gives the encoding back to the cache. */
    void release() {
        if (encoding != null) encoding.close();
    }
}
