package io.bridgetower.model.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EncodingMemoryTest {
    private static final long MEGABYTE = 1 << 20;

    @Test
    void aSizeClassIsAtMostAnEighthLarger() {
        for (long bytes = 4097; bytes < 1 << 24; bytes = bytes * 33 / 32 + 1) {
            long size = EncodingMemory.sizeClass(bytes);
            assertTrue(size >= bytes && size <= bytes + bytes / 8, bytes + " → " + size);
            assertEquals(size, EncodingMemory.sizeClass(size));
        }
        assertEquals(4096, EncodingMemory.sizeClass(1));
    }

    @Test
    void aBlockIsTakenAgain() {
        try (EncodingMemory memory = new EncodingMemory()) {
            EncodingMemory.Block first = memory.take(MEGABYTE), second = memory.take(MEGABYTE);
            assertNotSame(first, second);
            assertEquals(2 * MEGABYTE, memory.liveBytes());
            memory.giveBack(first);
            assertEquals(MEGABYTE, memory.liveBytes());
            assertEquals(MEGABYTE, memory.freeBytes());
            assertSame(first, memory.take(MEGABYTE - 1000));
            assertEquals(0, memory.freeBytes());
            memory.giveBack(first);
            memory.giveBack(second);
        }
    }

    @Test
    void freeMemoryIsBoundedAndTheOldestGoes() {
        try (EncodingMemory memory = new EncodingMemory()) {
            EncodingMemory.Block[] blocks = new EncodingMemory.Block[10];
            for (int i = 0; i < blocks.length; i++) blocks[i] = memory.take(16 * MEGABYTE);
            for (EncodingMemory.Block block : blocks) memory.giveBack(block);
            assertEquals(0, memory.liveBytes());
            assertEquals(128 * MEGABYTE, memory.freeBytes());
            assertFalse(blocks[1].bytes().scope().isAlive());
            assertTrue(blocks[2].bytes().scope().isAlive());
        }
    }

    @Test
    void memoryOutlivesTheModelWhereItIsHeld() {
        EncodingMemory memory = new EncodingMemory();
        EncodingMemory.Block held = memory.take(1), free = memory.take(1);
        memory.giveBack(free);
        memory.close();
        memory.close();
        assertFalse(free.bytes().scope().isAlive());
        assertTrue(held.bytes().scope().isAlive());
        memory.giveBack(held);
        assertFalse(held.bytes().scope().isAlive());
        assertEquals(0, memory.freeBytes());
    }

    @Test
    void aClosedEncodingGivesItsMemoryBackWhenTheLastReaderEnds() {
        try (EncodingMemory memory = new EncodingMemory()) {
            Holding holding = new Holding(memory, memory.take(MEGABYTE));
            holding.beginReading();
            holding.beginReading();
            holding.run();
            holding.run();
            assertThrows(IllegalStateException.class, holding::beginReading);
            holding.endReading();
            assertEquals(MEGABYTE, memory.liveBytes());
            holding.endReading();
            assertEquals(0, memory.liveBytes());
            assertEquals(MEGABYTE, memory.freeBytes());
        }
    }
}
