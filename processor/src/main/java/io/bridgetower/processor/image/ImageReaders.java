package io.bridgetower.processor.image;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Threads that read, decode and resize images ahead of the computation. An image that fails does not affect
 * others: the exception is the result of its own reading. A reading that runs out of memory is repeated while no other one
 * runs, so that it fails only if it alone needs more memory than there is.
 */
public final class ImageReaders implements AutoCloseable {
    /** Each thread may hold a whole image. */
    private static final int MAX_THREADS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(
            Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS),
            Thread.ofPlatform().daemon().name("bridgetower-reader-", 1).factory());

    /** Held for writing by a reading that must be alone, otherwise for reading. */
    private final ReadWriteLock memory = new ReentrantReadWriteLock(true);

    /** Reads one image. It may be run twice. */
    @FunctionalInterface
    public interface Reading {
        /** Reads the image and keeps it where the caller finds it. */
        void run() throws Exception;
    }

    /** Lets a thread read an image; {@link #failure} waits for it. */
    public Future<?> submit(Reading reading) {
        return threads.submit(() -> {
            read(reading);
            return null;
        });
    }

    /**
     * Waits until an image has been read.
     *
     * @return what the reading threw, which may be an {@link OutOfMemoryError}, a {@link StackOverflowError} or an error of
     *     a class that cannot be loaded; null if it succeeded
     * @throws VirtualMachineError that of the reading, if it is any other
     * @throws IllegalStateException if the calling thread is interrupted
     */
    public static Throwable failure(Future<?> reading) {
        try {
            reading.get();
            return null;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            boolean affectsOneImage = cause instanceof OutOfMemoryError || cause instanceof StackOverflowError;
            if (cause instanceof VirtualMachineError error && !affectsOneImage) throw error;
            return cause;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while images were read", e);
        }
    }

    /** Interrupts the readings that run, gives up the others, and returns when the threads have ended. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }

    private void read(Reading reading) throws Exception {
        memory.readLock().lock();
        try {
            reading.run();
            return;
        } catch (OutOfMemoryError e) {
            // Readings on other threads may have taken the memory.
        } catch (IOException e) {
            // As decoders report it.
            if (!(e.getCause() instanceof OutOfMemoryError)) throw e;
        } finally {
            memory.readLock().unlock();
        }
        memory.writeLock().lock();
        try {
            reading.run();
        } finally {
            memory.writeLock().unlock();
        }
    }
}
