package io.bridgetower.search;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * A few {@link ImageLoader}s that many calls share: made when they are needed, as large as they are needed, used by one
 * call at a time and kept until the end. Calls wait for their turn in the order in which they came.
 */
final class ImageLoaders implements AutoCloseable {
    /** While the model computes with the images of one call, those of another are decoded. */
    static final int COUNT = 2;

    private record Sized(ImageLoader decoder, int images) {}

    private final IntFunction<ImageLoader> maker;
    private final Semaphore turns = new Semaphore(COUNT, true);
    private final Deque<Sized> idle = new ArrayDeque<>();
    private boolean closed;

    /** @param maker makes a decoder for so many images at a time */
    ImageLoaders(IntFunction<ImageLoader> maker) {
        this.maker = maker;
    }

    /**
     * Works with a decoder for at least that many images. The work takes all that it begins.
     *
     * @throws IllegalStateException if this is closed, or the thread is interrupted while it waits
     */
    void use(int images, Consumer<ImageLoader> work) {
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for others that decode images", e);
        }
        Sized sized = null;
        try {
            sized = take(images);
            work.accept(sized.decoder());
            giveBack(sized);
            sized = null;
        } finally {
            try {
                // After a failure there may be images that were not taken.
                if (sized != null) sized.decoder().close();
            } finally {
                turns.release();
            }
        }
    }

    private synchronized Sized take(int images) {
        if (closed) throw new IllegalStateException("the reranker is closed");
        Sized sized = idle.poll();
        if (sized != null && sized.images() >= images) return sized;
        if (sized != null) sized.decoder().close();
        int rounded = Integer.highestOneBit(Math.max(1, 2 * images - 1));
        return new Sized(maker.apply(rounded), rounded);
    }

    private synchronized void giveBack(Sized sized) {
        idle.push(sized);
    }

    /** Waits for work that has begun, then ends the threads and frees the memory. Closing again does nothing. */
    @Override
    public void close() {
        turns.acquireUninterruptibly(COUNT);
        synchronized (this) {
            closed = true;
            while (!idle.isEmpty()) idle.poll().decoder().close();
        }
        turns.release(COUNT);
    }
}
