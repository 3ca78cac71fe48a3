package io.bridgetower.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tensors, matrices and workspaces: who shares memory with whom, and what is refused. */
class MemoryTest {
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

    @Test
    void theVectorWidthIsTheOneThatIsForced() {
        assertEquals(VectorWidth.bits(), Integer.getInteger(VectorWidth.PROPERTY, VectorWidth.bits()));
    }
}
