package io.bridgetower.inputs;

import io.bridgetower.engine.Tensor;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.image.raster.RgbImage;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/**
 * Memory for the pixels of a bounded number of images that wait for the model, and for the batch that it reads. Slots are
 * taken, given back and gathered by one thread; any thread may {@linkplain #prepare fill} a slot that was taken.
 */
public final class PixelSlots implements AutoCloseable {
    private final PixelReader reader;
    private final Arena arena = Arena.ofShared();
    private final Tensor slots;
    private final Tensor batch;
    private final Deque<Integer> free = new ArrayDeque<>();

    /**
     * @param slots images that may wait
     * @param batch images that are gathered at a time, at most
     */
    public PixelSlots(PixelReader reader, int slots, int batch) {
        this.reader = reader;
        try {
            this.slots = reader.allocate(arena, slots);
            this.batch = reader.allocate(arena, batch);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
        for (int slot = 0; slot < slots; slot++) free.add(slot);
    }

    /** Whether a slot is free. */
    public boolean hasFree() {
        return !free.isEmpty();
    }

    /**
     * Takes a slot.
     *
     * @throws java.util.NoSuchElementException if none is free
     */
    public int take() {
        return free.remove();
    }

    /** Gives a slot back whose image is not needed any more. */
    public void giveBack(int slot) {
        free.add(slot);
    }

    /** Processes an image into a slot; throws as {@link PixelReader#process}. */
    public void prepare(RgbImage image, int slot) {
        reader.process(image, slots.slice(slot, 1));
    }

    /**
     * The pixels of some slots one after the other, valid until the next call. The slots stay taken.
     *
     * @return [images, channels, height, width]
     */
    public Tensor gather(Collection<Integer> chosen) {
        int count = 0;
        for (int slot : chosen) {
            batch.slice(count++, 1).segment().copyFrom(slots.slice(slot, 1).segment());
        }
        return batch.slice(0, count);
    }

    /** Frees the memory; no thread may be filling a slot. */
    @Override
    public void close() {
        arena.close();
    }
}
