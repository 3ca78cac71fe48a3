package io.bridgetower.engine.matmul;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationsTest {
    /** Widths on both sides of every width of vectors; the column behind the window has to stay. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 15, 16, 17, 63})
    void everyElementOfAMatrixIsReplacedAndNoOther(int columns) {
        try (Workers workers = new Workers(2);
                Workspace workspace = new Workspace(workers)) {
            Matrix all = workspace.matrix(5, columns + 1);
            for (int row = 0; row < 5; row++) {
                for (int i = 0; i <= columns; i++) set(all, row, i, i - columns / 2f + row);
            }
            Activations.apply(workspace, Activation.RELU, all.columns(0, columns));
            float[] found = all.toArray();
            for (int row = 0; row < 5; row++) {
                for (int i = 0; i <= columns; i++) {
                    float x = i - columns / 2f + row;
                    assertEquals(i == columns ? x : Math.max(x, 0), found[row * (columns + 1) + i]);
                }
            }
        }
    }

    private static void set(Matrix matrix, int row, int column, float value) {
        matrix.segment().set(ValueLayout.JAVA_FLOAT, matrix.rowOffset(row) + (long) column * Float.BYTES, value);
    }
}
