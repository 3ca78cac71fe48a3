package io.bridgetower.inputs;

import io.bridgetower.engine.Tensor;
import io.bridgetower.processor.image.ImageReaders;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.image.raster.RgbImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;

/**
 * The pixels of any number of images, batch by batch. A window of items moves over the input: those that enter it are read
 * and prepared on other threads, while the caller computes with a batch. Used by one thread.
 *
 * @param <T> what names or holds an image
 */
public final class PixelBatches<T> implements AutoCloseable {
    /** Images of a batch: enough to keep all threads busy. */
    private static final int BATCH = 16;

    private static final int WINDOW = 2 * BATCH;

    /** Makes an image of an item; called by several threads at once. */
    @FunctionalInterface
    public interface Source<T> {
        /**
         * Reads an image.
         *
         * @throws Exception if there is none
         */
        RgbImage read(T item) throws Exception;
    }

    /**
     * Some items, in their order.
     *
     * @param errors for each item why there are no pixels; null if there are
     * @param pixels of the items without an error, [images, channels, height, width], valid until the next batch; null if
     *     there are none
     */
    public record Batch<T>(List<T> items, List<Throwable> errors, Tensor pixels) {}

    private record Pending<T>(T item, int slot, Future<?> preparation) {}

    private final Iterator<? extends T> items;
    private final Source<? super T> source;
    private final PixelSlots slots;
    private final ImageReaders readers = new ImageReaders();
    private final Deque<Pending<T>> window = new ArrayDeque<>();

    /**
     * Reads nothing yet.
     *
     * @param items consumed lazily, by the thread that asks for batches
     * @param count how many there are at most; {@link Integer#MAX_VALUE} if that is not known
     */
    public PixelBatches(PixelReader reader, Iterator<? extends T> items, int count, Source<? super T> source) {
        this.items = items;
        this.source = source;
        slots = new PixelSlots(reader, Math.clamp(count, 1, WINDOW), Math.clamp(count, 1, BATCH));
    }

    /** The next batch; null at the end. */
    public Batch<T> next() {
        fill();
        if (window.isEmpty()) return null;
        List<T> batch = new ArrayList<>();
        List<Throwable> errors = new ArrayList<>();
        List<Integer> taken = new ArrayList<>(), sound = new ArrayList<>();
        while (batch.size() < BATCH && !window.isEmpty()) {
            Pending<T> pending = window.remove();
            Throwable error = ImageReaders.failure(pending.preparation());
            batch.add(pending.item());
            errors.add(error);
            taken.add(pending.slot());
            if (error == null) sound.add(pending.slot());
        }
        Tensor pixels = sound.isEmpty() ? null : slots.gather(sound);
        taken.forEach(slots::giveBack);
        fill();
        return new Batch<>(batch, errors, pixels);
    }

    /** Ends the reading and frees the pixels. */
    @Override
    public void close() {
        // The threads write into the slots.
        readers.close();
        slots.close();
    }

    /** Lets items enter the window while it has room. */
    private void fill() {
        while (slots.hasFree() && items.hasNext()) {
            T item = items.next();
            int slot = slots.take();
            window.add(new Pending<>(item, slot, readers.submit(() -> slots.prepare(source.read(item), slot))));
        }
    }
}
