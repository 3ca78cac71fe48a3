package io.bridgetower.jobs;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerVisionConfig;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.RgbImage;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Memory for the pixels of pictures that wait to be encoded, and for those that are. */
final class PixelSlots implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final Tensor slots;
    private final Tensor batch;
    private final int[] shape;
    private final Deque<Integer> free = new ArrayDeque<>();

    PixelSlots(BridgeTowerVisionConfig config, JobMemory memory) {
        shape = new int[] {1, config.numChannels(), config.imageSize(), config.imageSize()};
        slots = Tensor.allocate(arena, memory.slots(), shape[1], shape[2], shape[3]);
        batch = Tensor.allocate(arena, memory.batch(), shape[1], shape[2], shape[3]);
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
     * @throws IllegalArgumentException if they have another shape than the model takes
     */
    void fill(int slot, ImageProcessor processor, RgbImage image) {
        try (Arena own = Arena.ofConfined()) {
            Tensor pixels = processor.preprocess(own, List.of(image)).pixelValues();
            if (!Arrays.equals(pixels.shape(), shape)) {
                throw new IllegalArgumentException("the model takes pixels of shape " + Arrays.toString(shape)
                        + ", its image processor makes " + pixels);
            }
            slots.slice(slot, 1).segment().copyFrom(pixels.segment());
        }
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
