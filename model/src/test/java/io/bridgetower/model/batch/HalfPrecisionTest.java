package io.bridgetower.model.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.runtime.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
    private static final float[] VALUES = {
        0,
        -0f,
        1,
        -2.5f,
        1 / 3f,
        65504,
        70000,
        -1e9f,
        1e-8f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY
    };

    /** A broken model is not hidden: infinities are no numbers that are too large. */
    private static final float[] EXPECTED = {
        0,
        -0f,
        1,
        -2.5f,
        0.33325195f,
        65504,
        65504,
        -65504,
        0,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY
    };

    @Test
    void rowsOfAnyStrideAreRoundedAndWidened() {
        try (Arena arena = Arena.ofConfined()) {
            int columns = VALUES.length / 2;
            Tensor wide = Tensor.allocate(arena, 2, columns + 3), back = Tensor.allocate(arena, 2, columns + 1);
            for (int i = 0; i < VALUES.length; i++) wide.set(VALUES[i], i / columns, i % columns);
            MemorySegment halves = arena.allocate(4 + VALUES.length * 2L);
            HalfPrecision.narrow(Matrix.of(wide).columns(0, columns), halves, 4);
            HalfPrecision.widen(halves, 4, Matrix.of(back).columns(0, columns));
            for (int i = 0; i < VALUES.length; i++) assertEquals(EXPECTED[i], back.get(i / columns, i % columns));
            assertEquals(0, back.get(0, columns), "nothing between the rows is touched");
        }
    }
}
