package io.bridgetower.tests;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An arena whose memory is not zero, as that of a pool that is used again. */
record UsedArena(Arena memory) implements Arena {
    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        return memory.allocate(byteSize, byteAlignment).fill((byte) 0x7F);
    }

    @Override
    public MemorySegment.Scope scope() {
        return memory.scope();
    }

    @Override
    public void close() {
        memory.close();
    }
}
