package io.bridgetower.server.compute;

import io.bridgetower.engine.Tensor;
import io.bridgetower.processor.image.PixelReader;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/** A bounded number of places for the pixels of images that wait for the model. Safe for use by several threads. */
final class PixelPool implements AutoCloseable {
    private final PixelReader reader;
    private final Arena arena = Arena.ofShared();
    private final Semaphore permits;
    private final Deque<Tensor> free = new ArrayDeque<>();

    PixelPool(PixelReader reader, int places) {
        this.reader = reader;
        // Fair, so that a request of many images cannot hold up one of few.
        permits = new Semaphore(places, true);
    }

    /** Waits for a place, [1, channels, height, width], whose content is undefined. */
    Tensor take() throws InterruptedException {
        permits.acquire();
        try {
            synchronized (free) {
                Tensor place = free.poll();
                return place != null ? place : reader.allocate(arena, 1);
            }
        } catch (RuntimeException | Error e) {
            permits.release();
            throw e;
        }
    }

    void giveBack(Tensor place) {
        synchronized (free) {
            free.push(place);
        }
        permits.release();
    }

    /** Frees the memory; no place may be in use. */
    @Override
    public void close() {
        arena.close();
    }
}
