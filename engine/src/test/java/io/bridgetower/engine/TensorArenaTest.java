package io.bridgetower.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.testing.ForkedJvm;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory that tensors own: when it is freed, and what bounds it. */
class TensorArenaTest {
    @Test
    void closingATensorFreesWhatItOwns() {
        Tensor tensor = Tensor.allocate(2, 3);
        MemorySegment segment = tensor.segment();
        Tensor view = tensor.view(3, 2), slice = tensor.slice(1, 1);
        tensor.close();
        tensor.close();
        assertThrows(IllegalStateException.class, () -> tensor.get(0, 0));
        assertThrows(IllegalStateException.class, () -> tensor.set(1, 0, 0));
        assertThrows(IllegalStateException.class, tensor::toArray);
        assertThrows(IllegalStateException.class, () -> view.get(0, 0));
        assertThrows(IllegalStateException.class, () -> slice.get(0, 0));
        assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_FLOAT, 0));
    }

    @Test
    void tensorsOfOneArenaEndTogether() {
        TensorArena arena = new TensorArena();
        Tensor first = Tensor.allocate(arena, 4), second = Tensor.copyOf(arena, new float[] {1, 2}, 2);
        first.close();
        assertThrows(IllegalStateException.class, () -> second.get(0));
        assertThrows(IllegalStateException.class, () -> Tensor.allocate(arena, 1));
        assertFalse(arena.scope().isAlive());
        arena.close();
    }

    @Test
    void viewsAndTensorsOfOthersDoNotOwn() {
        try (Tensor owner = Tensor.allocate(2, 3);
                Arena arena = Arena.ofConfined()) {
            owner.view(6).close();
            owner.slice(0, 1).close();
            assertEquals(0, owner.get(1, 2));
            Tensor inArena = Tensor.allocate(arena, 2);
            inArena.close();
            assertEquals(0, inArena.get(1));
            Tensor ofSegment = Tensor.of(owner.segment(), 6);
            ofSegment.close();
            assertEquals(0, owner.get(1, 2));
        }
    }

    @Test
    void aFailedComputationLeavesNothing() {
        Tensor[] made = new Tensor[1];
        var failure = assertThrows(
                IllegalStateException.class,
                () -> TensorArena.owning(arena -> {
                    made[0] = Tensor.allocate(arena, 1);
                    throw new IllegalStateException("wrong");
                }));
        assertEquals("wrong", failure.getMessage());
        assertThrows(IllegalStateException.class, () -> made[0].get(0));
    }

    /** The collector runs in the midst of accesses whose tensor is not used afterwards. */
    @Test
    void aTensorLivesAsLongAsOneOfItsViewsAndItsAccesses() {
        Tensor slice = filled().slice(1, 1);
        for (int i = 0; i < 20; i++) {
            System.gc();
            assertArrayEquals(new float[] {7, 7}, slice.toArray());
            assertArrayEquals(new float[] {7, 7, 7, 7}, filled().view(4).toArray());
        }
    }

    @Test
    @Timeout(60)
    void aSegmentAloneDoesNotKeepTheMemory() {
        MemorySegment segment = filled().segment();
        while (segment.scope().isAlive()) System.gc();
        assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_FLOAT, 0));
    }

    /** In a process whose heap and direct buffers are far smaller than what it allocates. */
    @Tag("own-jvm")
    @ParameterizedTest
    @EnumSource
    void unreachableTensorsAreFreedBeforeTheyPassTheHeap(TensorArenaRun.Use use) throws IOException {
        String output = new ForkedJvm(TensorArenaRun.class)
                .option("-Xmx64m", "-XX:MaxDirectMemorySize=1m")
                .run(use);
        long peak = Long.parseLong(output.lines()
                .filter(line -> !line.startsWith("WARNING"))
                .findFirst()
                .orElseThrow());
        assertTrue(peak <= use.bound(), () -> peak + " bytes at the same time");
    }

    private static Tensor filled() {
        return Tensor.copyOf(new TensorArena(), new float[] {7, 7, 7, 7}, 2, 2);
    }
}
