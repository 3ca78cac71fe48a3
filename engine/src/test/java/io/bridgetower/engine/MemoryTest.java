package io.bridgetower.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bridgetower.engine.kernel.EmbeddingTable;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tensors, matrices and workspaces: who shares memory with whom, and what is refused. */
class MemoryTest {
    private static final int MEGABYTE = 1 << 20;

    private final Arena arena = Arena.ofAuto();

    @Test
    void viewsAndSlicesShareMemory() {
        Tensor tensor = Tensor.copyOf(arena, new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        tensor.slice(1, 2).set(9, 1, 0);
        assertArrayEquals(new float[] {1, 2, 3, 4, 9, 6}, tensor.toArray());
        assertEquals(9, tensor.view(2, 3).get(1, 1));
        assertEquals(2, tensor.dim(-1));
        assertEquals("[3, 2]", tensor.toString());
        assertEquals(1, Tensor.allocate(arena).size());
        assertEquals(0, Tensor.allocate(arena, 0, 5).size());
    }

    @Test
    void shapesThatDoNotFitAreNamedWithBoth() {
        Tensor tensor = Tensor.allocate(arena, 3, 2);
        var view = assertThrows(IllegalArgumentException.class, () -> tensor.view(4, 2));
        assertEquals("cannot view [3, 2] as [4, 2]: sizes differ", view.getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.slice(2, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.get(3, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.get(0));
        assertThrows(IllegalArgumentException.class, () -> Tensor.allocate(arena, -1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Tensor.allocate(arena, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> Tensor.copyOf(arena, new float[3], 2, 2));
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(arena.allocate(12), 2, 2));
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(MemorySegment.ofArray(new float[4]), 2, 2));
    }

    @Test
    void aTensorDiesWithItsArena() {
        Tensor tensor;
        try (Arena confined = Arena.ofConfined()) {
            tensor = Tensor.allocate(confined, 2);
        }
        assertThrows(IllegalStateException.class, () -> tensor.get(0));
    }

    @Test
    void windowsStayInsideTheirMemory() {
        Matrix matrix = Matrix.of(Scalar.random(new Random(1), arena, 4, 5));
        assertEquals(Scalar.get(matrix, 3, 2), Scalar.get(matrix.rows(2, 2).columns(1, 3), 1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> matrix.rows(3, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> matrix.columns(-1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> new Matrix(matrix.segment(), 4, 4, 5, 5));
    }

    @Test
    void aWorkspaceGivesTheSameMemoryAgain() {
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            Matrix kept = workspace.matrix(3, 100);
            long mark = workspace.mark();
            Matrix first = workspace.matrix(50, 70);
            assertNotEquals(kept.offset(), first.offset());
            workspace.matrix(3000, 3000);
            workspace.release(mark);
            long held = workspace.byteSize();
            assertEquals(first, workspace.matrix(50, 70));
            workspace.matrix(3000, 3000);
            assertEquals(held, workspace.byteSize());
        }
    }

    @Test
    void aWorkspaceKeepsTheGreatestHeightNotTheSumOfAllSizes() {
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            int largest = 20;
            for (int megabytes = 1; megabytes <= largest; megabytes++) {
                long mark = workspace.mark();
                take(workspace, megabytes);
                workspace.release(mark);
                take(workspace, 1);
                assertEquals((long) megabytes * MEGABYTE, workspace.peak());
                workspace.reset();
                assertEquals(0, workspace.peak());
            }
            assertEquals((long) largest * MEGABYTE, workspace.byteSize());
            for (int i = 0; i < largest; i++) take(workspace, 1);
            assertEquals((long) largest * MEGABYTE, workspace.byteSize(), "what has fitted in pieces fits");
        }
    }

    /** Chunks that are too small for a matrix are passed over and are not part of the height. */
    @Test
    void theHeightIsWhatWasTaken() {
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            for (int megabytes : new int[] {1, 5, 3, 40}) take(workspace, megabytes);
            long mark = workspace.mark();
            take(workspace, 10);
            workspace.release(mark);
            take(workspace, 6);
            assertEquals(59L * MEGABYTE, workspace.peak());
            workspace.reset();
            assertEquals(59L * MEGABYTE, workspace.byteSize());
        }
    }

    @Test
    void aTrimmedWorkspaceHoldsWhatItIsTrimmedToAndGrowsAgain() {
        Workspace workspace = new Workspace(Workers.CALLER);
        take(workspace, 1);
        workspace.packed(0, MEGABYTE);
        workspace.arrays(2, MEGABYTE);
        long least = workspace.byteSize();
        assertEquals(14L * MEGABYTE, least);
        workspace.reset();
        workspace.trim(0);
        assertEquals(least, workspace.byteSize(), "the least that a workspace holds");
        Matrix large = take(workspace, 30);
        workspace.reset();
        assertFalse(large.segment().scope().isAlive());
        workspace.trim(10L * MEGABYTE);
        assertEquals(10L * MEGABYTE, workspace.byteSize());
        workspace.trim(20L * MEGABYTE);
        assertEquals(10L * MEGABYTE, workspace.byteSize());
        workspace.trim(0);
        assertEquals(0, workspace.byteSize());
        take(workspace, 30);
        assertEquals(30L * MEGABYTE, workspace.byteSize());
        workspace.close();
        assertEquals(0, workspace.byteSize());
    }

    @Test
    void itsSizeCanBeReadWhileItGrows() throws Exception {
        AtomicReference<Workspace> growing = new AtomicReference<>(new Workspace(Workers.CALLER));
        AtomicBoolean ended = new AtomicBoolean();
        try (var other = Executors.newSingleThreadExecutor()) {
            Future<Boolean> reading = other.submit(() -> {
                boolean negative = false;
                while (!ended.get()) negative |= growing.get().byteSize() < 0;
                return negative;
            });
            for (int round = 0; round < 2000; round++) {
                Workspace workspace = new Workspace(Workers.CALLER);
                growing.getAndSet(workspace).close();
                for (int slots = 1; slots < 50; slots++) workspace.arrays(slots, slots);
            }
            ended.set(true);
            assertFalse(reading.get());
            growing.get().close();
        }
    }

    /** As many megabytes in rows of an odd number of cache lines. */
    private static Matrix take(Workspace workspace, int megabytes) {
        return workspace.matrix(
                (int) (megabytes * MEGABYTE / Tensor.ALIGNMENT), (int) (Tensor.ALIGNMENT / Float.BYTES));
    }

    @Test
    void rowsThatAreNotThereAreRefused() {
        try (Workspace workspace = new Workspace(Workers.CALLER);
                Arena arena = Arena.ofConfined()) {
            Matrix two = workspace.matrix(4, 3).rows(1, 2);
            assertThrows(IndexOutOfBoundsException.class, () -> Rows.copy(two, 2, two, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> Rows.copy(two, 0, two, -1));
            assertThrows(IndexOutOfBoundsException.class, () -> Rows.add(two, -1, two, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> Rows.add(two, 0, two, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> Rows.normalize(two, 2));
            EmbeddingTable table = EmbeddingTable.copy(arena, WeightPrecision.F32, Tensor.allocate(arena, 5, 3));
            assertThrows(IndexOutOfBoundsException.class, () -> table.copyRow(5, two, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> table.copyRow(0, two, 2));
        }
    }

    @Test
    void rowsOfAWorkspaceAreAlignedAndOffPowersOfTwo() {
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            for (int columns : new int[] {1, 16, 64, 768, 1000, 4096}) {
                Matrix matrix = workspace.matrix(2, columns);
                long bytes = matrix.stride() * Float.BYTES;
                assertEquals(0, (matrix.segment().address() + matrix.offset()) % Tensor.ALIGNMENT);
                assertEquals(0, bytes % Tensor.ALIGNMENT);
                assertEquals(1, bytes / Tensor.ALIGNMENT % 2);
            }
        }
    }
}
