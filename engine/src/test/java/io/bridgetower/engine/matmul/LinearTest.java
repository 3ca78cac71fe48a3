package io.bridgetower.engine.matmul;

import static io.bridgetower.engine.matmul.FloatPanels.BF16;
import static io.bridgetower.engine.matmul.FloatPanels.F32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.Scalar;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.kernel.EmbeddingTable;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearTest {
    /**
     * Of √k, the size of a sum of k products of normal numbers: 32-bit rounding at every step of a chain of at most 768
     * makes an error of about √768 · 2⁻²⁵ at one standard deviation; ten thousand elements reach four of them.
     */
    private static final double TOLERANCE = 4e-6;

    private final Arena arena = Arena.ofAuto();

    static List<PanelFormat> formats() {
        return List.of(
                F32,
                BF16,
                PanelFormat.of(WeightPrecision.F32, ProductPrecision.BF16),
                PanelFormat.of(WeightPrecision.F32, ProductPrecision.BF16X3),
                PanelFormat.of(WeightPrecision.BF16, ProductPrecision.BF16X3),
                PanelFormat.of(WeightPrecision.F32, ProductPrecision.BF16X6));
    }

    /** Weights of 16 bits in a format that has no more, rounded as it does. */
    private Tensor rounded(Tensor weight) {
        Tensor rounded = Tensor.allocate(arena, weight.dim(0), weight.dim(1));
        float[] values = weight.toArray();
        for (int i = 0; i < values.length; i++) {
            float value = Float.intBitsToFloat(WeightPrecision.toBf16(values[i]) << Short.SIZE);
            rounded.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        }
        return rounded;
    }

    /** Of √k, as for {@link #TOLERANCE}: a rounding to 8 bits of both factors makes an error of 2⁻⁹ each. */
    private static double tolerance(PanelFormat format) {
        if (!(format instanceof PairPanels pairs)) return TOLERANCE;
        return new double[] {0, 2e-2, 2e-4, TOLERANCE}[pairs.split().aParts()];
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyFormatEqualsTheScalarTwin(PanelFormat format) {
        Random random = new Random(9);
        boolean isHalf = format == BF16
                || format instanceof PairPanels pairs && pairs.split().bParts() == 1;
        try (Workers workers = new Workers(2);
                Workspace workspace = new Workspace(workers)) {
            for (int round = 0; round < 25; round++) {
                int rows = 1 + random.nextInt(round == 7 ? 900 : 100), out = 1 + random.nextInt(150);
                int in = 1 + random.nextInt(round % 5 == 0 ? 2500 : 120);
                Tensor weight = Scalar.random(random, arena, out, in), bias = Scalar.random(random, arena, out);
                if (isHalf) weight = rounded(weight);
                Linear linear = Linear.pack(arena, workers, format, weight, bias);
                Matrix x = window(random, rows, in), y = window(random, rows, out);
                Matrix residual = window(random, rows, out);
                linear.apply(workspace, x, new Epilogue(Activation.GELU, residual), y);
                double[][] expected = Scalar.linear(x, weight, bias, Activation.GELU, residual);
                double worst = 0;
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < out; j++) {
                        worst = Math.max(worst, Math.abs(expected[i][j] - Scalar.get(y, i, j)));
                    }
                }
                assertTrue(
                        worst <= tolerance(format) * (1 + Math.sqrt(in)),
                        rows + " × " + in + " × " + out + ": " + worst);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void equalsTheScalarTwinOverRandomShapes(Activation activation) {
        Random random = new Random(activation.ordinal());
        try (Workers workers = new Workers(2);
                Workspace workspace = new Workspace(workers)) {
            for (int round = 0; round < 25; round++) {
                int rows = 1 + random.nextInt(60), out = 1 + random.nextInt(150);
                int in = 1 + random.nextInt(round % 5 == 0 ? 2000 : 120);
                Tensor weight = Scalar.random(random, arena, out, in), bias = Scalar.random(random, arena, out);
                Linear linear = Linear.pack(arena, workers, F32, weight, round % 3 == 0 ? null : bias);
                Matrix x = window(random, rows, in), y = window(random, rows, out);
                Matrix residual = round % 2 == 0 ? window(random, rows, out) : null;
                linear.apply(workspace, x, new Epilogue(activation, residual), y);
                double[][] expected = Scalar.linear(x, weight, round % 3 == 0 ? null : bias, activation, residual);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < out; j++) {
                        double error = Math.abs(expected[i][j] - Scalar.get(y, i, j));
                        assertTrue(
                                error <= TOLERANCE * (1 + Math.sqrt(in)),
                                () -> rows + " × " + in + " × " + out + ": error " + error);
                    }
                }
            }
        }
    }

    /** Weights that 16 bits hold give the same bits in either form. */
    @Test
    void halfOfTheMemoryChangesNothingButTheWeightsLastDigits() {
        Random random = new Random(5);
        try (Workers workers = new Workers(2);
                Workspace workspace = new Workspace(workers)) {
            for (int round = 0; round < 25; round++) {
                int rows = 1 + random.nextInt(60), out = 1 + random.nextInt(150), in = 1 + random.nextInt(2000);
                Tensor weight = Scalar.random(random, arena, out, in), rounded = Tensor.allocate(arena, out, in);
                float[] values = weight.toArray();
                for (int i = 0; i < values.length; i++) {
                    float below = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xFFFF0000);
                    float above = Float.intBitsToFloat(Float.floatToRawIntBits(below) + 0x10000);
                    float down = Math.abs(values[i] - below), up = Math.abs(above - values[i]);
                    boolean odd = (Float.floatToRawIntBits(below) & 0x10000) != 0;
                    rounded.segment()
                            .setAtIndex(ValueLayout.JAVA_FLOAT, i, down > up || down == up && odd ? above : below);
                }
                Tensor bias = Scalar.random(random, arena, out);
                Matrix x = window(random, rows, in);
                Matrix expected =
                        Linear.pack(arena, workers, F32, rounded, bias).apply(workspace, x, Epilogue.NONE);
                Linear half = Linear.pack(arena, workers, BF16, weight, bias);
                Matrix found = half.apply(workspace, x, Epilogue.NONE);
                assertArrayEquals(expected.toArray(), found.toArray());
                if (out > 64)
                    assertTrue(half.byteSize()
                            < Linear.pack(arena, workers, F32, weight, bias).byteSize());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aTransposedWeightGivesTheSameLayer(PanelFormat format) {
        Random random = new Random(8);
        try (Workers workers = new Workers(2);
                Workspace workspace = new Workspace(workers)) {
            for (int round = 0; round < 25; round++) {
                int rows = 1 + random.nextInt(20), out = 1 + random.nextInt(150), in = 1 + random.nextInt(400);
                Tensor weight = Scalar.random(random, arena, out, in), transposed = Tensor.allocate(arena, in, out);
                for (int i = 0; i < out; i++) for (int k = 0; k < in; k++) transposed.set(weight.get(i, k), k, i);
                Matrix x = window(random, rows, in);
                Matrix expected =
                        Linear.pack(arena, workers, format, weight, null).apply(workspace, x, Epilogue.NONE);
                Matrix found = Linear.packTransposed(arena, workers, format, transposed)
                        .apply(workspace, x, Epilogue.NONE);
                assertArrayEquals(expected.toArray(), found.toArray());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void partsShareTheWeightOfTheLayer(PanelFormat format) {
        Random random = new Random(10);
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            for (int round = 0; round < 25; round++) {
                int rows = 1 + random.nextInt(20), out = 1 + random.nextInt(150), in = 1 + random.nextInt(100);
                Tensor weight = Scalar.random(random, arena, out, in), bias = Scalar.random(random, arena, out);
                Linear all = Linear.pack(arena, Workers.CALLER, format, weight, bias);
                Matrix x = window(random, rows, in), y = all.apply(workspace, x, Epilogue.NONE);

                int first = random.nextInt(out), count = 1 + random.nextInt(out - first);
                Matrix some = all.outputs(first, count).apply(workspace, x, Epilogue.NONE);
                assertTrue(some.columns() >= count && some.columns() < count + TileShape.PANEL);
                assertArrayEquals(
                        y.columns(first, count).toArray(),
                        some.columns(some.columns() - count, count).toArray());

                if (!format.isCutAnywhere()) {
                    assertThrows(IllegalStateException.class, () -> all.inputs(0, 1, true));
                    continue;
                }
                int cut = random.nextInt(in);
                Linear front = all.inputs(0, cut, true), back = all.inputs(cut, in - cut, false);
                Matrix sum = front.apply(workspace, x.columns(0, cut), Epilogue.NONE);
                Matrix found = back.apply(workspace, x.columns(cut, in - cut), Epilogue.residual(sum));
                assertArrayEquals(y.toArray(), found.toArray(), (float) (TOLERANCE * (1 + Math.sqrt(in))));
            }
            Linear small = Linear.pack(arena, Workers.CALLER, format, Tensor.allocate(arena, 3, 2), null);
            assertThrows(IndexOutOfBoundsException.class, () -> small.outputs(2, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> small.inputs(1, 2, true));
        }
    }

    @Test
    void sixteenBitsAreRoundedToTheNearestEven() {
        int[][] cases = {
            {0x3F800000, 0x3F80},
            {0x3F808000, 0x3F80},
            {0x3F818000, 0x3F82},
            {0x3F808001, 0x3F81},
            {0x80000000, 0x8000},
            {0x7F7FFFFF, 0x7F80},
            {0x7F800000, 0x7F80},
            {0xFF800000, 0xFF80},
            {0x00000001, 0x0000},
            {0x7F800001, 0x7FC0}
        };
        for (int[] c : cases) {
            assertEquals(c[1], WeightPrecision.toBf16(Float.intBitsToFloat(c[0])) & 0xFFFF, Integer.toHexString(c[0]));
        }
    }

    @Test
    void aTableGivesItsRows() {
        Random random = new Random(6);
        Tensor table = Scalar.random(random, arena, 9, 5);
        Matrix y = window(random, 2, 5);
        EmbeddingTable.copy(arena, WeightPrecision.F32, table).copyRow(7, y, 1);
        for (int i = 0; i < 5; i++) assertEquals(table.get(7, i), Scalar.get(y, 1, i));
        EmbeddingTable half = EmbeddingTable.copy(arena, WeightPrecision.BF16, table);
        half.copyRow(8, y, 0);
        for (int i = 0; i < 5; i++)
            assertEquals(table.get(8, i), Scalar.get(y, 0, i), 1f / 256 * Math.abs(table.get(8, i)));
        assertThrows(IndexOutOfBoundsException.class, () -> half.copyRow(9, y, 0));
    }

    @Test
    void whatLiesBesideTheOutputIsLeftAlone() {
        Random random = new Random(1);
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            Tensor weight = Scalar.random(random, arena, 37, 9);
            Linear linear = Linear.pack(arena, Workers.CALLER, F32, weight, null);
            Tensor around = Scalar.random(random, arena, 20, 50);
            float[] before = around.toArray();
            Matrix y = Matrix.of(around).rows(2, 15).columns(5, 37);
            linear.apply(workspace, window(random, 15, 9), Epilogue.NONE, y);
            float[] after = around.toArray();
            for (int i = 0; i < before.length; i++) {
                int row = i / 50, column = i % 50;
                boolean inside = row >= 2 && row < 17 && column >= 5 && column < 42;
                if (!inside) assertEquals(before[i], after[i], "row " + row + ", column " + column);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aRowHasTheSameBitsInAnyBatchOnAnyNumberOfThreads(int threads) {
        Random random = new Random(threads);
        try (Workers workers = new Workers(threads);
                Workspace workspace = new Workspace(workers);
                Workspace single = new Workspace(Workers.CALLER)) {
            for (int round = 0; round < 3 * formats().size(); round++) {
                int rows = 1 + random.nextInt(200), in = 1 + random.nextInt(1700), out = 1 + random.nextInt(130);
                Tensor weight = Scalar.random(random, arena, out, in), bias = Scalar.random(random, arena, out);
                Linear linear = Linear.pack(arena, workers, formats().get(round / 3), weight, bias);
                Matrix x = window(random, rows, in);
                Epilogue gelu = Epilogue.activation(Activation.GELU);
                Matrix y = window(random, rows, out), alone = window(random, 1, out);
                linear.apply(workspace, x, gelu, y);
                for (int row : new int[] {0, rows / 2, rows - 1}) {
                    linear.apply(single, x.rows(row, 1), gelu, alone);
                    assertArrayEquals(alone.toArray(), y.rows(row, 1).toArray());
                }
            }
        }
    }

    /** Also where the rows are packed in several blocks, and a block of the second sum starts within a panel's width. */
    @ParameterizedTest
    @MethodSource("formats")
    void feedForwardEqualsItsLayersOneAfterTheOtherBitForBit(PanelFormat format) {
        Random random = new Random(3);
        try (Workers workers = new Workers(3);
                Workspace workspace = new Workspace(workers)) {
            for (int[] shape :
                    new int[][] {{1, 5, 40, 3}, {29, 70, 1601, 45}, {700, 30, 1700, 33}, {1400, 33, 70, 20}}) {
                int rows = shape[0], in = shape[1], between = shape[2], out = shape[3];
                Linear first = linear(random, format, between, in), next = linear(random, format, out, between);
                Matrix x = window(random, rows, in), residual = window(random, rows, out);
                Matrix y = window(random, rows, out);
                first.feedForward(workspace, x, Activation.GELU, next, residual, y);
                Matrix wide = first.apply(workspace, x, Epilogue.activation(Activation.GELU));
                Matrix expected = next.apply(workspace, wide, Epilogue.residual(residual));
                assertArrayEquals(expected.toArray(), y.toArray());
                first.feedForward(workspace, x, Activation.GELU, next, null, y);
                assertArrayEquals(next.apply(workspace, wide, Epilogue.NONE).toArray(), y.toArray());
            }
        }
    }

    @Test
    void stackedLayersEqualSeparateOnesBitForBit() {
        Random random = new Random(3);
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            List<Tensor> weights = List.of(Scalar.random(random, arena, 40, 33), Scalar.random(random, arena, 7, 33));
            List<Tensor> biases = List.of(Scalar.random(random, arena, 40), Scalar.random(random, arena, 7));
            Matrix x = window(random, 11, 33);
            Matrix y = Linear.stack(arena, Workers.CALLER, F32, weights, biases).apply(workspace, x, Epilogue.NONE);
            int first = 0;
            for (int i = 0; i < weights.size(); i++) {
                Linear part = Linear.pack(arena, Workers.CALLER, F32, weights.get(i), biases.get(i));
                Matrix separate = part.apply(workspace, x, Epilogue.NONE);
                assertArrayEquals(
                        separate.toArray(), y.columns(first, part.out()).toArray());
                first += part.out();
            }
        }
    }

    @Test
    void aConstantCanBeAddedToTheOutput() {
        Random random = new Random(4);
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            Tensor weight = Scalar.random(random, arena, 19, 5), bias = Scalar.random(random, arena, 19);
            Tensor addend = Scalar.random(random, arena, 19);
            Linear plain = Linear.pack(arena, Workers.CALLER, F32, weight, bias);
            Matrix x = window(random, 3, 5);
            Matrix y = plain.plus(addend).apply(workspace, x, Epilogue.NONE);
            double[][] expected = Scalar.linear(x, weight, bias, Activation.NONE, null);
            for (int j = 0; j < 19; j++) {
                assertEquals(expected[2][j] + addend.get(j), Scalar.get(y, 2, j), TOLERANCE);
            }
            assertThrows(IllegalArgumentException.class, () -> plain.plus(bias.slice(0, 3)));
        }
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            Linear linear = Linear.pack(arena, Workers.CALLER, F32, Tensor.allocate(arena, 4, 3), null);
            Matrix x = Matrix.of(Tensor.allocate(arena, 2, 5));
            var e = assertThrows(IllegalArgumentException.class, () -> linear.apply(workspace, x, Epilogue.NONE));
            assertEquals("linear [4, 3] from 2 × 5 to 2 × 4: shapes do not fit", e.getMessage());
            Matrix z = Matrix.of(Tensor.allocate(arena, 2, 3)), y = Matrix.of(Tensor.allocate(arena, 2, 4));
            e = assertThrows(
                    IllegalArgumentException.class,
                    () -> linear.feedForward(workspace, z, Activation.RELU, linear, null, y));
            assertEquals("linear [4, 3] then [4, 3] from 2 × 3 to 2 × 4: shapes do not fit", e.getMessage());
        }
    }

    private Linear linear(Random random, PanelFormat format, int out, int in) {
        return Linear.pack(
                arena,
                Workers.CALLER,
                format,
                Scalar.random(random, arena, out, in),
                Scalar.random(random, arena, out));
    }

    /** A matrix whose rows have gaps between them. */
    private Matrix window(Random random, int rows, int columns) {
        int gap = random.nextInt(20);
        return Matrix.of(Scalar.random(random, arena, rows, columns + gap)).columns(gap / 2, columns);
    }
}
