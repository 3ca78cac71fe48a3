package io.bridgetower.search;

import io.bridgetower.engine.Tensor;
import io.bridgetower.processor.image.ImageReaders;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Reads, decodes and resizes pictures ahead, on threads of its own, into a bounded number of slots. One thread begins
 * pictures and takes them, in the same order.
 */
final class ImageLoader implements AutoCloseable {
    /**
     * A picture as the model takes it, or why there is none.
     *
     * @param slot where its pixels are; -1 if there are none
     * @param problem null if nothing is wrong
     */
    record Decoded(int slot, Throwable problem) {}

    private record Pending(int slot, Future<?> decoding) {}

    private final PixelReader reader;
    private final Arena arena = Arena.ofShared();
    private final Tensor slots;
    private final Tensor batch;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final ImageReaders readers = new ImageReaders();

    /**
     * @param ahead pictures that may be begun and not yet given back
     * @param most pictures that are gathered at a time, at the most
     */
    ImageLoader(PixelReader reader, int ahead, int most) {
        this.reader = reader;
        slots = reader.allocate(arena, ahead);
        batch = reader.allocate(arena, most);
        for (int i = 0; i < ahead; i++) free.add(i);
    }

    /** Whether another may begin. */
    boolean hasRoom() {
        return !free.isEmpty();
    }

    void begin(Path file) {
        int slot = free.remove();
        pending.add(new Pending(slot, readers.submit(() -> fill(slot, file))));
    }

    /** Waits for the picture that began first of those that have not been taken. */
    Decoded take() {
        Pending next = pending.remove();
        Throwable problem = ImageReaders.failure(next.decoding());
        if (problem == null) return new Decoded(next.slot(), null);
        free.add(next.slot());
        return new Decoded(-1, problem);
    }

    /** The pixels of some slots one after the other, until the next call; the slots are given back. */
    Tensor gather(List<Integer> chosen) {
        for (int i = 0; i < chosen.size(); i++) {
            batch.slice(i, 1).segment().copyFrom(slots.slice(chosen.get(i), 1).segment());
        }
        free.addAll(chosen);
        return batch.slice(0, chosen.size());
    }

    /** Ends the threads, which write into the memory, and frees it. */
    @Override
    public void close() {
        readers.close();
        arena.close();
    }

    private void fill(int slot, Path file) throws IOException {
        // A pipe would wait for its other end for ever.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "expected a regular file");
        }
        reader.process(reader.read(file), slots.slice(slot, 1));
    }
}
