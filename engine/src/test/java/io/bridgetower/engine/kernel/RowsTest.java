package io.bridgetower.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bridgetower.engine.Scalar;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.matmul.Panels;
import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.matmul.Transpose;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowsTest {
    private final Arena arena = Arena.ofAuto();

    @Test
    void copyAddAndNormalizeOneRowOnly() {
        Random random = new Random(1);
        for (int columns = 1; columns < 70; columns++) {
            Matrix x = Matrix.of(Scalar.random(random, arena, 3, columns));
            Tensor target = Scalar.random(random, arena, 4, columns);
            float[] before = target.toArray();
            Matrix y = Matrix.of(target);
            Rows.copy(x, 2, y, 1);
            Rows.add(x, 0, y, 2);
            Rows.normalize(y, 3);
            double length = 0;
            for (int i = 0; i < columns; i++) length += Math.pow(before[3 * columns + i], 2);
            for (int i = 0; i < columns; i++) {
                assertEquals(before[i], target.get(0, i));
                assertEquals(Scalar.get(x, 2, i), target.get(1, i));
                assertEquals(before[2 * columns + i] + (float) Scalar.get(x, 0, i), target.get(2, i));
                assertEquals(before[3 * columns + i] / Math.sqrt(length), target.get(3, i), 3e-7);
            }
        }
    }

    @Test
    void aZeroRowStaysZero() {
        Matrix zero = Matrix.of(Tensor.allocate(arena, 1, 20));
        Rows.normalize(zero, 0);
        assertEquals(0, Scalar.get(zero, 0, 19));
    }

    @Test
    void rowsOfDifferentLengthsAreRefused() {
        Matrix x = Matrix.of(Tensor.allocate(arena, 1, 2)), y = Matrix.of(Tensor.allocate(arena, 1, 3));
        assertThrows(IllegalArgumentException.class, () -> Rows.copy(x, 0, y, 0));
        assertThrows(IllegalArgumentException.class, () -> Rows.add(x, 0, y, 0));
    }

    @Test
    void panelsHoldTheRowsOfAMatrixOrItsColumns() {
        Random random = new Random(2);
        int panel = TileShape.PANEL, lanes = Lanes.COUNT;
        for (int rows = 1; rows <= 2 * panel + 1; rows++) {
            int columns = 1 + random.nextInt(2 * panel + 1), firstRow = random.nextInt(rows);
            int before = random.nextInt(5);
            Matrix x = Matrix.of(Scalar.random(random, arena, rows, before + columns))
                    .columns(before, columns);
            long[] offsets = IntStream.range(0, rows)
                    .mapToLong(row -> x.rowOffset(row) - 4L * before)
                    .toArray();
            float[] scratch = new float[Transpose.BLOCK + 3];
            Tensor y = Tensor.allocate(arena, TileShape.VECTORS, columns, lanes);
            Transpose.panel(x.segment(), offsets, 4L * before, firstRow, rows, columns, scratch, 3, y.segment(), 0);
            for (int k = 0; k < columns; k++) {
                for (int j = 0; j < panel; j++) {
                    double expected = firstRow + j < rows ? Scalar.get(x, firstRow + j, k) : 0;
                    assertEquals(expected, y.get(j / lanes, k, j % lanes));
                }
            }
            Tensor z = Tensor.allocate(arena, TileShape.VECTORS, rows, lanes);
            Panels.copy(x.segment(), offsets, 4L * before, rows, Math.min(panel, columns), z.segment(), 0);
            for (int row = 0; row < rows; row++) {
                for (int j = 0; j < panel; j++) {
                    assertEquals(j < columns ? Scalar.get(x, row, j) : 0, z.get(j / lanes, row, j % lanes));
                }
            }
        }
    }
}
