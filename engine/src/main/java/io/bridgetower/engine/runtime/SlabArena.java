package io.bridgetower.engine.runtime;

import io.bridgetower.engine.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A shared arena for the many weights of a model, which takes memory from the system in slabs and shares them out.
 *
 * <p>Where large pages are asked for, Linux gives them for whole 2 MB of a mapping. Matrices of some megabytes that each
 * have their own mapping, as malloc makes it, lose their ends: a third of a base model. In slabs, a thirtieth is lost.
 * Beside fewer faults and translations of addresses, that keeps pages of one size: on a virtual machine where pages of both
 * sizes, for some reason of its host, made every access slow, loading and a forward took a sixth less time.
 */
public final class SlabArena implements Arena {
    /** Bytes of the first slab; each is twice as large as the one before, up to {@link #MOST}. */
    private static final long FIRST = 256L << 10;

    private static final long MOST = 64L << 20;

    private final Arena arena = Arena.ofShared();
    private final List<Slab> slabs = new ArrayList<>();
    private long next = FIRST;

    /** A piece of memory, of which the first {@code used} bytes are given away. */
    private static final class Slab {
        private final MemorySegment memory;
        private long used;

        Slab(MemorySegment memory) {
            this.memory = memory;
        }

        /** Null if there is no room. */
        MemorySegment take(long size, long alignment) {
            long address = memory.address(), start = (address + used + alignment - 1 & -alignment) - address;
            if (size > memory.byteSize() - start) return null;
            used = start + size;
            return memory.asSlice(start, size);
        }
    }

    @Override
    public synchronized MemorySegment allocate(long size, long alignment) {
        if (size < 0 || alignment < 1 || Long.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("allocation of " + size + " bytes with alignment " + alignment);
        }
        if (!arena.scope().isAlive()) throw new IllegalStateException("the arena is closed");
        for (Slab slab : slabs) {
            MemorySegment taken = slab.take(size, alignment);
            if (taken != null) return taken;
        }
        Slab slab = new Slab(arena.allocate(Math.max(next, size), Math.max(alignment, Tensor.ALIGNMENT)));
        slabs.add(slab);
        next = Math.min(MOST, 2 * next);
        return slab.take(size, alignment);
    }

    /** Bytes taken from the system. */
    synchronized long byteSize() {
        return slabs.stream().mapToLong(slab -> slab.memory.byteSize()).sum();
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        arena.close();
    }
}
