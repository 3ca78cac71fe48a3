package io.bridgetower.engine.bf16;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.bf16.Bf16Kernel.Operand;
import io.bridgetower.engine.bf16.Bf16Kernel.Window;
import io.bridgetower.engine.bf16.Bf16Kernels.Unit;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Bf16KernelTest {
    private static final int STEPS = 3, COUNT = 2, K = STEPS * Strips.DEPTH;
    private static final int STRIDE = Strips.COLUMNS + 5, WINDOW = Strips.ROWS * STRIDE;

    static Stream<Arguments> kernels() {
        return Stream.of(Unit.values())
                .flatMap(unit -> Stream.of(
                                new Split(1, 1), new Split(2, 2), new Split(2, 1), new Split(3, 3), new Split(3, 1))
                        .map(split -> Arguments.of(unit, split)));
    }

    /** Against sums in float64, for every number of rows. */
    @ParameterizedTest
    @MethodSource("kernels")
    void multipliesToTheErrorOfTheSplit(Unit unit, Split split) {
        double most = new double[] {0, 0.05, 2e-4, 5e-6}[split.aParts()];
        Operands x = new Operands(split);
        for (int rows = 1; rows <= Strips.ROWS; rows++) {
            float[] c = x.run(kernel(unit, split), rows);
            double worst = 0;
            for (int i = 0; i < COUNT * rows * Strips.COLUMNS; i++) {
                int column = i % Strips.COLUMNS, row = i / Strips.COLUMNS % rows, strip = i / Strips.COLUMNS / rows;
                float found = c[1 + strip * WINDOW + row * STRIDE + column];
                worst = Math.max(worst, Math.abs(found - x.expected(strip, row, column)));
            }
            assertTrue(worst < most, rows + " rows: error " + worst);
        }
    }

    /** The Vector API and the tiles of Intel's processors sum in the same order. */
    @Test
    void tilesAndVectorsHaveTheSameBits() {
        for (Split split : new Split[] {new Split(1, 1), new Split(2, 2), new Split(2, 1), new Split(3, 3)}) {
            Operands x = new Operands(split);
            for (int rows : new int[] {4, 16, 20, 32}) {
                float[] tiles = x.run(kernel(Unit.AMX, split), rows), vectors = x.run(kernel(Unit.VECTOR, split), rows);
                for (int i = 0; i < COUNT * WINDOW; i++) {
                    if (i % STRIDE >= Strips.COLUMNS || i % WINDOW / STRIDE >= rows) continue;
                    assertEquals(vectors[1 + i], tiles[1 + i], split + ", " + rows + " rows: " + i);
                }
            }
        }
    }

    /** What lies between the windows, and behind them, is left alone. */
    @ParameterizedTest
    @MethodSource("kernels")
    void writesItsWindowsOnly(Unit unit, Split split) {
        float[] c = new Operands(split).run(kernel(unit, split), Strips.ROWS);
        assertEquals(Operands.OUTSIDE, c[0]);
        for (int i = 0; i < COUNT * WINDOW; i++) {
            if (i % STRIDE >= Strips.COLUMNS) assertEquals(Operands.OUTSIDE, c[1 + i], "at " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(Unit.class)
    void refusesWhatIsNotInItsMemory(Unit unit) {
        Bf16Kernel kernel = kernel(unit, new Split(1, 1));
        float[] c = new float[Strips.ROWS * Strips.COLUMNS];
        Window window = new Window(c, 0, Strips.COLUMNS, 0), beyond = new Window(c, 1, Strips.COLUMNS, 0);
        MemorySegment freed;
        try (Arena arena = Arena.ofConfined()) {
            freed = arena.allocate(Strips.A_PART_BYTES);
            Operand a = new Operand(freed, 0, 0), b = new Operand(arena.allocate(Strips.B_PART_BYTES), 0, 0);
            Operand shifted = new Operand(freed, 1, 0);
            kernel.run(a, b, window, window, 1, Strips.ROWS, 1);
            assertThrows(IndexOutOfBoundsException.class, () -> kernel.run(a, b, window, window, 2, Strips.ROWS, 1));
            assertThrows(
                    IndexOutOfBoundsException.class, () -> kernel.run(shifted, b, window, window, 1, Strips.ROWS, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> kernel.run(a, b, window, beyond, 1, Strips.ROWS, 1));
        }
        Operand gone = new Operand(freed, 0, 0);
        assertThrows(IllegalStateException.class, () -> kernel.run(gone, gone, window, window, 1, Strips.ROWS, 1));
    }

    /** The nearest bf16, to even, for vectors as for single numbers; a NaN stays one. */
    @Test
    void packsAsSingleNumbersAreRounded() {
        float[] values = new float[Strips.DEPTH];
        Random random = new Random(5);
        for (int i = 0; i < values.length; i++) values[i] = Float.intBitsToFloat(random.nextInt());
        values[3] = Float.intBitsToFloat(0x7FFFFFFF);
        values[19] = Float.intBitsToFloat(0xFFFFFFFF);
        values[4] = Float.intBitsToFloat(0x3F808000);
        values[20] = Float.intBitsToFloat(0x3F818000);
        values[5] = Float.NEGATIVE_INFINITY;
        values[21] = Float.MAX_VALUE;
        int[] expected = new int[Strips.PAIRS], found = new int[Strips.PAIRS];
        for (int i = 0; i < Strips.PAIRS; i++) {
            expected[i] = WeightPrecision.toBf16(values[i + Strips.PAIRS]) << 16 | WeightPrecision.toBf16(values[i]);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(Strips.A_PART_BYTES);
            Strips.packRow(values, 0, 1, 1, to, 0);
            MemorySegment.copy(to, ValueLayout.JAVA_INT, 0, found, 0, found.length);
        }
        assertArrayEquals(expected, found);
    }

    private static Bf16Kernel kernel(Unit unit, Split split) {
        assumeTrue(unit.obstacle() == null, () -> unit.label() + ": " + unit.obstacle());
        return unit.kernel(split);
    }

    /** Random operands, packed: A of one strip for each product, B in three ways that have to agree. */
    private static final class Operands {
        static final float OUTSIDE = 77;

        private final float[][][] a = new float[COUNT][Strips.ROWS][K];
        private final float[][] b = new float[K][Strips.COLUMNS];
        private final float[] d = new float[Strips.COLUMNS];
        private final MemorySegment packedA, packedB;
        private final long strip;

        Operands(Split split) {
            Random random = new Random(3);
            for (float[][] rows : a) for (float[] row : rows) fill(row, random);
            for (float[] row : b) fill(row, random);
            if (split.bParts() < split.aParts()) round(b);
            fill(d, random);
            strip = STEPS * Strips.aStepBytes(split.aParts());
            long stripB = STEPS * Strips.bStepBytes(split.bParts());
            Arena arena = Arena.ofAuto();
            packedA = arena.allocate(COUNT * strip, Tensor.ALIGNMENT);
            packedB = arena.allocate(stripB, Tensor.ALIGNMENT);
            for (int i = 0; i < COUNT; i++) {
                for (int row = 0; row < Strips.ROWS; row++) {
                    long at = i * strip + Strips.rowOffset(row);
                    Strips.packRow(a[i][row].clone(), 0, STEPS, split.aParts(), packedA, at);
                }
            }
            MemorySegment again = arena.allocate(stripB, Tensor.ALIGNMENT);
            for (int tile = 0; tile < Strips.COLUMNS / Strips.TILE_COLUMNS; tile++) {
                float[] stripes = stripes(tile * Strips.TILE_COLUMNS);
                MemorySegment vectors = arena.allocateFrom(ValueLayout.JAVA_FLOAT, stripes);
                long at = Strips.tileOffset(tile), stripe = (long) K * Lanes.BYTES;
                Strips.packTile(vectors, 0, stripe, STEPS, split.bParts(), again, at);
                int[] pairs = new int[Strips.TILE_PAIRS];
                Strips.packWeights(stripes, 0, K * Lanes.COUNT, STEPS, split.bParts(), pairs, packedB, at);
            }
            assertEquals(-1, packedB.mismatch(again), "the two ways to pack B");
        }

        private float[] stripes(int firstColumn) {
            float[] stripes = new float[K * Strips.TILE_COLUMNS];
            for (int column = 0; column < Strips.TILE_COLUMNS; column++) {
                int at = column / Lanes.COUNT * K * Lanes.COUNT + column % Lanes.COUNT;
                for (int k = 0; k < K; k++) stripes[at + k * Lanes.COUNT] = b[k][firstColumn + column];
            }
            return stripes;
        }

        private static void fill(float[] row, Random random) {
            for (int i = 0; i < row.length; i++) row[i] = random.nextFloat() - 0.5f;
        }

        /** Weights of 16 bits. */
        private static void round(float[][] rows) {
            for (float[] row : rows) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = Float.intBitsToFloat(WeightPrecision.toBf16(row[i]) << Short.SIZE);
                }
            }
        }

        /** C, from index 1 on. */
        float[] run(Bf16Kernel kernel, int rows) {
            float[] c = new float[1 + COUNT * WINDOW];
            Arrays.fill(c, OUTSIDE);
            kernel.run(
                    new Operand(packedA, 0, strip),
                    new Operand(packedB, 0, 0),
                    new Window(d, 0, 0, 0),
                    new Window(c, 1, STRIDE, WINDOW),
                    STEPS,
                    rows,
                    COUNT);
            return c;
        }

        double expected(int strip, int row, int column) {
            double sum = d[column];
            for (int k = 0; k < K; k++) sum += (double) a[strip][row][k] * b[k][column];
            return sum;
        }
    }
}
