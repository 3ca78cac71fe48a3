package io.bridgetower.search;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.PixelSlots;
import io.bridgetower.processor.image.ImageReaders;
import io.bridgetower.processor.image.PixelReader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Reads, decodes and resizes images ahead, on its own threads, into a bounded number of slots. One thread begins
 * images and takes them, in the same order.
 */
final class ImageLoader implements AutoCloseable {
    /**
     * An image as the model takes it, or why there is none.
     *
     * @param slot where its pixels are; -1 if there are none
     * @param problem null if nothing is wrong
     */
    record Decoded(int slot, Throwable problem) {}

    private record Pending(int slot, Future<?> decoding) {}

    private final PixelReader reader;
    private final PixelSlots slots;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final ImageReaders readers = new ImageReaders();

    /**
     * @param ahead images that may be begun and not yet given back
     * @param most images that are gathered at a time, at the most
     */
    ImageLoader(PixelReader reader, int ahead, int most) {
        this.reader = reader;
        slots = new PixelSlots(reader, ahead, most);
    }

    /** Whether another may begin. */
    boolean hasRoom() {
        return slots.hasFree();
    }

    void begin(Path file) {
        int slot = slots.take();
        pending.add(new Pending(slot, readers.submit(() -> slots.prepare(reader.read(file), slot))));
    }

    /** Waits for the image that began first of those that have not been taken. */
    Decoded take() {
        Pending next = pending.remove();
        Throwable problem = ImageReaders.failure(next.decoding());
        if (problem == null) return new Decoded(next.slot(), null);
        slots.giveBack(next.slot());
        return new Decoded(-1, problem);
    }

    /** The pixels of some slots one after the other, until the next call; the slots are given back. */
    Tensor gather(List<Integer> chosen) {
        Tensor batch = slots.gather(chosen);
        chosen.forEach(slots::giveBack);
        return batch;
    }

    /** Ends the threads, which write into the memory, and frees it. */
    @Override
    public void close() {
        readers.close();
        slots.close();
    }
}
