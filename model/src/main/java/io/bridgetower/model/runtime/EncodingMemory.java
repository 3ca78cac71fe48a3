package io.bridgetower.model.runtime;

import io.bridgetower.engine.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * The memory of a model's encodings: blocks that are taken, given back and taken again. Sizes are rounded up to a few
 * classes, so that encodings of about the same size find each other's blocks. Every block is its own arena, as
 * closing a shared arena stops all threads for a moment: that happens only where more is free than is worth keeping, and
 * after the end of the model, which encodings may outlive.
 *
 * <p>Safe for use by several threads.
 */
public final class EncodingMemory implements AutoCloseable {
    /** Gives back what unreachable encodings hold that were never closed. */
    public static final Cleaner CLEANER = Cleaner.create();

    /** Free bytes that are kept: some twenty images of the base model. */
    private static final long MAX_FREE = 128L << 20;

    /** Smallest size of a block. */
    private static final long SMALLEST = 4096;

    /** Sizes per power of two: no block is more than an eighth larger than what is asked for. */
    private static final int STEPS = 8;

    /** Memory of one encoding at a time. */
    public static final class Block {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment bytes;

        private Block(long size) {
            bytes = arena.allocate(size, Tensor.ALIGNMENT);
        }

        /** Uncleared. */
        public MemorySegment bytes() {
            return bytes;
        }

        long byteSize() {
            return bytes.byteSize();
        }
    }

    /** The one that has been free longest first. */
    private final SequencedSet<Block> free = new LinkedHashSet<>();

    private final Map<Long, Deque<Block>> freeBySize = new HashMap<>();
    private long freeBytes;
    private long liveBytes;
    private boolean closed;

    /** A block of at least that many bytes, with whatever was in it before. */
    public Block take(long bytes) {
        long size = sizeClass(bytes);
        Block block = takeFree(size);
        if (block != null) return block;
        try {
            return new Block(size);
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                liveBytes -= size;
            }
            throw e;
        }
    }

    /** Takes back a block that is no longer read. */
    void giveBack(Block block) {
        List<Block> superfluous = new ArrayList<>();
        synchronized (this) {
            liveBytes -= block.byteSize();
            freeBytes += block.byteSize();
            free.addLast(block);
            freeBySize
                    .computeIfAbsent(block.byteSize(), _ -> new ArrayDeque<>())
                    .addLast(block);
            long kept = closed ? 0 : MAX_FREE;
            for (Iterator<Block> oldest = free.iterator(); freeBytes > kept; ) {
                Block one = oldest.next();
                oldest.remove();
                freeBySize.get(one.byteSize()).remove(one);
                freeBytes -= one.byteSize();
                superfluous.add(one);
            }
        }
        for (Block one : superfluous) one.arena.close();
    }

    /** Bytes of the blocks that encodings hold. */
    public synchronized long liveBytes() {
        return liveBytes;
    }

    /** Bytes of the blocks that wait for the next encoding. */
    public synchronized long freeBytes() {
        return freeBytes;
    }

    /** Frees what no encoding holds; what is held is freed when it is given back. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        trim();
    }

    /** Frees what no encoding holds. */
    public void trim() {
        List<Block> unused;
        synchronized (this) {
            unused = List.copyOf(free);
            free.clear();
            freeBySize.clear();
            freeBytes = 0;
        }
        for (Block block : unused) block.arena.close();
    }

    /** The smallest size of a block for that many bytes: one of eight between each power of two and the next. */
    static long sizeClass(long bytes) {
        if (bytes <= SMALLEST) return SMALLEST;
        long step = Long.highestOneBit(bytes - 1) / STEPS;
        return Math.ceilDiv(bytes, step) * step;
    }

    private synchronized Block takeFree(long size) {
        liveBytes += size;
        Deque<Block> fitting = freeBySize.get(size);
        if (fitting == null || fitting.isEmpty()) return null;
        Block block = fitting.removeLast();
        free.remove(block);
        freeBytes -= size;
        return block;
    }
}
