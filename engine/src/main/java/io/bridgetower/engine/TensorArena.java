package io.bridgetower.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that tensors own together. It is freed by {@link #close}, by {@link Tensor#close} of a tensor that was allocated
 * in it, or else when neither the arena nor any of its tensors and their views is reachable. A {@link MemorySegment} alone
 * does not keep it: once the memory is freed, every access through a segment throws {@link IllegalStateException}.
 *
 * <p>The memory is accessible from all threads and is not limited by {@code -XX:MaxDirectMemorySize}. Since it does not
 * fill the heap, it causes no garbage collection either: where arenas that were never closed hold more than the heap may
 * grow to ({@code -Xmx}), the next allocation calls {@link System#gc} and waits a moment for memory to be freed. It never
 * fails for that reason. If more than that remains in use, the limit becomes twice what remains. With {@code
 * -XX:+DisableExplicitGC} nothing bounds what is never closed, until the heap is collected for other reasons.
 *
 * <p>Closing waits until every thread of the Java virtual machine has noticed, as for {@link Arena#ofShared}: some tens
 * of microseconds, more with hundreds of threads. Where that matters, use {@link Arena#ofConfined}.
 */
public final class TensorArena implements Arena {
    private static final Cleaner CLEANER = Cleaner.create();

    /** How long a garbage collection may take to report the first unreachable object; it may be disabled altogether. */
    private static final long REPORT_MILLIS = 1000;

    /** How long freeing may then make no progress before it is taken to be done. */
    private static final long IDLE_MILLIS = 200;

    /** Bounds the wait where other threads allocate and free meanwhile. */
    private static final int MAX_WAITS = 20;

    private static final Object COLLECTION = new Object();
    private static final AtomicLong HELD = new AtomicLong();
    private static final long MIN_LIMIT = Runtime.getRuntime().maxMemory();
    private static volatile long limit = MIN_LIMIT;
    private static boolean collecting;
    private static boolean reported;

    private final Memory memory = new Memory();
    private final Cleaner.Cleanable cleanable = CLEANER.register(this, memory);

    /** Computes what is allocated in an arena. */
    @FunctionalInterface
    public interface Computation<T> {
        /** The result, whose tensors were allocated in {@code arena}. */
        T compute(TensorArena arena);
    }

    /** What is freed; it must not refer to the arena that it belongs to. */
    private static final class Memory implements Runnable {
        private final Arena arena = Arena.ofShared();
        private long bytes;
        private boolean freed;

        synchronized MemorySegment allocate(long size, long alignment) {
            MemorySegment segment = arena.allocate(size, alignment);
            bytes += size;
            HELD.addAndGet(size);
            return segment;
        }

        synchronized long bytes() {
            return bytes;
        }

        @Override
        public synchronized void run() {
            if (freed) return;
            arena.close();
            freed = true;
            HELD.addAndGet(-bytes);
            synchronized (COLLECTION) {
                COLLECTION.notifyAll();
            }
        }
    }

    /** An arena without memory, as yet. */
    public TensorArena() {}

    /** Computes a result in a new arena, which is closed if that fails. */
    public static <T> T owning(Computation<T> computation) {
        TensorArena arena = new TensorArena();
        try {
            return computation.compute(arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Zero-filled memory.
     *
     * @throws IllegalStateException if the arena is closed
     */
    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        if (HELD.get() > limit) collect();
        return memory.allocate(byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
        return memory.arena.scope();
    }

    /**
     * Frees the memory. Closing again does nothing.
     *
     * @throws IllegalStateException if a segment is in use by a channel, as while a file is written; nothing is freed then
     */
    @Override
    public void close() {
        memory.run();
        cleanable.clean();
    }

    /** Bytes that all arenas hold together. */
    static long held() {
        return HELD.get();
    }

    /** Has what is unreachable freed, if others hold more than the limit. */
    private void collect() {
        long own = memory.bytes();
        synchronized (COLLECTION) {
            if (collecting || HELD.get() - own <= limit) return;
            collecting = true;
            reported = false;
        }
        CLEANER.register(new Object(), TensorArena::report);
        System.gc();
        synchronized (COLLECTION) {
            try {
                awaitFreeing(own);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            long held = HELD.get();
            limit = held <= MIN_LIMIT ? MIN_LIMIT : 2 * held;
            collecting = false;
        }
    }

    private static void report() {
        synchronized (COLLECTION) {
            reported = true;
            COLLECTION.notifyAll();
        }
    }

    private static void awaitFreeing(long own) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(REPORT_MILLIS);
        while (!reported) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) return;
            COLLECTION.wait(left);
        }
        for (int i = 0; i < MAX_WAITS && HELD.get() - own > MIN_LIMIT; i++) {
            long held = HELD.get();
            COLLECTION.wait(IDLE_MILLIS);
            if (HELD.get() == held) return;
        }
    }
}
