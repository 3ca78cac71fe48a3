package io.bridgetower.engine.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlabArenaTest {
    private static final int MEGABYTE = 1 << 20;

    @Test
    void allocationsAreZeroAndAlignedAndDoNotOverlap() {
        Random random = new Random(1);
        try (Arena arena = new SlabArena()) {
            List<MemorySegment> taken = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                long size = random.nextInt(i % 100 == 0 ? MEGABYTE : 5000), alignment = 1L << random.nextInt(14);
                MemorySegment memory = arena.allocate(size, alignment);
                assertEquals(size, memory.byteSize());
                assertEquals(0, memory.address() % alignment);
                assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[(int) size])));
                memory.fill((byte) i);
                taken.add(memory);
            }
            for (int i = 0; i < taken.size(); i++) {
                for (byte b : taken.get(i).toArray(ValueLayout.JAVA_BYTE)) assertEquals((byte) i, b);
            }
        }
    }

    /** Layers as those of a base model, one quarter as wide and high. */
    @Test
    void littleIsLeftOver() {
        try (SlabArena arena = new SlabArena()) {
            long taken = 0;
            for (int layer = 0; layer < 300; layer++) {
                for (int rows : new int[] {576, 1, 192, 768, 1, 768, 384}) {
                    taken += arena.allocate(rows * 192L * Float.BYTES, Tensor.ALIGNMENT)
                            .byteSize();
                }
            }
            assertTrue(arena.byteSize() < 1.1 * taken, arena.byteSize() + " bytes for " + taken);
        }
    }

    @Test
    void whatIsLargerThanASlabHasOneOfItsOwn() {
        try (SlabArena arena = new SlabArena()) {
            long size = 3 * MEGABYTE + 1;
            assertEquals(size, arena.allocate(size, 1).byteSize());
            assertEquals(size, arena.byteSize());
        }
    }

    @Test
    void closingFreesAll() {
        Arena arena = new SlabArena();
        MemorySegment first = arena.allocate(10), second = arena.allocate(MEGABYTE);
        arena.close();
        assertFalse(arena.scope().isAlive());
        assertThrows(IllegalStateException.class, () -> first.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, () -> second.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, () -> arena.allocate(1));
    }

    @Test
    void sizesAndAlignmentsThatMakeNoSenseAreRefused() {
        try (Arena arena = new SlabArena()) {
            for (long alignment : new long[] {-4, 0, 3}) {
                assertThrows(IllegalArgumentException.class, () -> arena.allocate(8, alignment));
            }
            assertThrows(IllegalArgumentException.class, () -> arena.allocate(-1, 8));
            assertThrows(OutOfMemoryError.class, () -> arena.allocate(Long.MAX_VALUE >> 1, 8));
            assertEquals(8, arena.allocate(8, 8).byteSize());
        }
    }

    @Test
    void threadsGetDifferentMemory() {
        try (Arena arena = new SlabArena()) {
            List<MemorySegment> taken = IntStream.range(0, 10_000)
                    .parallel()
                    .mapToObj(i -> {
                        MemorySegment memory = arena.allocate(ValueLayout.JAVA_INT);
                        memory.set(ValueLayout.JAVA_INT, 0, i);
                        return memory;
                    })
                    .toList();
            for (int i = 0; i < taken.size(); i++) {
                assertEquals(i, taken.get(i).get(ValueLayout.JAVA_INT, 0));
            }
        }
    }
}
