package io.bridgetower.jobs;

import io.bridgetower.engine.Tensor;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.image.RgbImage;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Memory for the pixels of pictures that wait to be encoded, and for those that are. */
final class PixelSlots implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final PixelReader reader;
    private final Tensor slots;
    private final Tensor batch;
    private final Deque<Integer> free = new ArrayDeque<>();

    PixelSlots(PixelReader reader, JobMemory memory) {
        this.reader = reader;
        slots = reader.allocate(arena, memory.slots());
        batch = reader.allocate(arena, memory.batch());
        for (int i = 0; i < memory.slots(); i++) free.add(i);
    }

    boolean hasFree() {
        return !free.isEmpty();
    }

    int take() {
        return free.remove();
    }

    void giveBack(int slot) {
        free.add(slot);
    }

    /**
     * Makes the pixels of a picture. Called by any thread.
     *
     * @throws IllegalArgumentException as {@link PixelReader#process}
     */
    void fill(int slot, RgbImage image) {
        reader.process(image, slots.slice(slot, 1));
    }

    /** The pixels of some slots one after the other, until the next call. */
    Tensor gather(List<Integer> chosen) {
        for (int i = 0; i < chosen.size(); i++) {
            batch.slice(i, 1).segment().copyFrom(slots.slice(chosen.get(i), 1).segment());
        }
        return batch.slice(0, chosen.size());
    }

    @Override
    public void close() {
        arena.close();
    }
}
