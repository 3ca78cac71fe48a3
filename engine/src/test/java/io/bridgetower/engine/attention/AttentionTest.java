package io.bridgetower.engine.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.Scalar;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.matmul.PanelFormat;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {
    /** Context rows are averages of normal numbers by weights that 32-bit scores of size √width make. */
    private static final double TOLERANCE = 6e-6;

    private final Arena arena = Arena.ofAuto();

    /** A ragged batch of queries, keys and values. */
    private record Batch(Matrix q, Matrix k, Matrix v, Attention.Sequence[] sequences) {}

    @ParameterizedTest
    @ValueSource(strings = {"plain", "causal", "relative", "relative with keys", "causal relative", "other divisor"})
    void equalsTheScalarTwinOverRandomShapes(String kind) {
        Random random = new Random(kind.hashCode());
        try (Workers workers = new Workers(2);
                Workspace workspace = new Workspace(workers)) {
            for (int round = 0; round < 20; round++) {
                int heads = 1 + random.nextInt(3), width = 1 + random.nextInt(round == 7 ? 900 : 70);
                int longest = round == 3 ? 1700 : 60;
                boolean causal = kind.startsWith("causal"), withKeys = kind.endsWith("keys");
                Batch batch = batch(random, 1 + random.nextInt(3), heads * width, longest, causal);
                Tensor distances =
                        kind.contains("relative") ? Scalar.random(random, arena, 2 * longest - 1, width) : null;
                RelativePositions relative =
                        distances == null ? null : RelativePositions.of(arena, distances, withKeys);
                int divisor = kind.equals("other divisor") ? 1 + width / 12 : 0;
                check(workspace, new Attention.Form(heads, causal, relative, divisor), batch, distances, withKeys);
            }
        }
    }

    /** Products of bf16, of which each part has 8 bits of the operands; heads that are no whole steps have others. */
    @ParameterizedTest
    @CsvSource({"BF16, false, 3e-2", "BF16, true, 3e-2", "BF16X3, false, 2e-4", "BF16X6, true, 6e-6"})
    void equalsTheScalarTwinWithProductsOfBf16(ProductPrecision precision, boolean causal, double tolerance) {
        Random random = new Random(precision.parts());
        try (Workers workers = new Workers(2);
                Workspace workspace = new Workspace(workers)) {
            for (int round = 0; round < 20; round++) {
                int heads = 1 + random.nextInt(3), width = round == 7 ? 20 : 32 * (1 + random.nextInt(3));
                Batch batch = batch(random, 1 + random.nextInt(3), heads * width, round % 9 == 3 ? 1700 : 90, causal);
                Attention.Form form =
                        new Attention.Form(heads, causal, null).with(PanelFormat.of(WeightPrecision.F32, precision));
                check(workspace, form, batch, null, false, tolerance);
            }
        }
    }

    private void check(Workspace workspace, Attention.Form form, Batch batch, Tensor distances, boolean withKeys) {
        check(workspace, form, batch, distances, withKeys, TOLERANCE);
    }

    private void check(
            Workspace workspace,
            Attention.Form form,
            Batch batch,
            Tensor distances,
            boolean withKeys,
            double tolerance) {
        int columns = batch.q().columns(), width = columns / form.heads();
        Matrix out = Matrix.of(Tensor.allocate(arena, batch.q().rows(), columns));
        Matrix[] kept = new Matrix[batch.sequences().length];
        int stride = 0;
        for (Attention.Sequence sequence : batch.sequences()) stride = Math.max(stride, sequence.queries());
        for (int i = 0; i < kept.length; i++) {
            kept[i] = Matrix.of(Tensor.allocate(arena, form.heads() * stride, batch.sequences()[i].keys()));
        }
        Attention.apply(
                workspace,
                form,
                new Attention.Operands(batch.q(), batch.k(), batch.v()),
                new Attention.Pattern(batch.sequences(), new Attention.Probabilities(kept, stride)),
                out);
        for (int s = 0; s < kept.length; s++) {
            Attention.Sequence sequence = batch.sequences()[s];
            for (int head = 0; head < form.heads(); head++) {
                for (int query = 0; query < sequence.queries(); query += 1 + sequence.queries() / 9) {
                    double[] expected = Scalar.probabilities(
                            form, batch.q(), batch.k(), sequence, query, head, distances, withKeys);
                    float[] found = kept[s].rows(head * stride + query, 1).toArray();
                    double[] context = new double[width];
                    for (int key = 0; key < expected.length; key++) {
                        assertEquals(expected[key], found[key], tolerance, "probability of key " + key);
                        if (expected[key] == 0) continue;
                        float[] value =
                                batch.v().rows(sequence.firstKey() + key, 1).toArray();
                        for (int i = 0; i < width; i++) context[i] += expected[key] * value[head * width + i];
                    }
                    float[] row = out.rows(sequence.firstQuery() + query, 1).toArray();
                    for (int i = 0; i < width; i++) {
                        double error = Math.abs(context[i] - row[head * width + i]);
                        assertTrue(error <= tolerance, () -> "heads of " + width + ": error " + error);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void toFewKeysEqualsTheScalarTwinOverRandomShapes(int threads) {
        Random random = new Random(20 + threads);
        try (Workers workers = new Workers(threads);
                Workspace workspace = new Workspace(workers)) {
            for (int round = 0; round < 12; round++) {
                int heads = 1 + random.nextInt(5), in = 1 + random.nextInt(round == 5 ? 900 : 90);
                int out = 1 + random.nextInt(90), count = 1 + random.nextInt(3), keyRows = 0, queryRows = 0;
                Attention.Sequence[] sequences = new Attention.Sequence[count];
                for (int i = 0; i < count; i++) {
                    int keys = 1 + random.nextInt(20), queries = 1 + random.nextInt(round == 3 ? 900 : 50);
                    int[] visible = visible(random, keys);
                    sequences[i] = new Attention.Sequence(queryRows, queries, keyRows, keys, visible);
                    keyRows += keys;
                    queryRows += queries;
                }
                Attention.Form form = new Attention.Form(heads, false, null, 1 + in);
                Matrix x = Matrix.of(Scalar.random(random, arena, queryRows, in));
                Matrix k = Matrix.of(Scalar.random(random, arena, heads * keyRows, in + 1));
                Matrix v = Matrix.of(Scalar.random(random, arena, heads * keyRows, out));
                Matrix residual = round % 2 == 0 ? Matrix.of(Scalar.random(random, arena, queryRows, out)) : null;
                checkFewKeys(workspace, form, x, k, v, sequences, residual);
            }
        }
    }

    private void checkFewKeys(
            Workspace workspace,
            Attention.Form form,
            Matrix x,
            Matrix k,
            Matrix v,
            Attention.Sequence[] sequences,
            Matrix residual) {
        int heads = form.heads(), in = x.columns(), out = v.columns(), keyRows = k.rows() / heads;
        int stride = 0;
        for (Attention.Sequence sequence : sequences) stride = Math.max(stride, sequence.queries());
        Matrix[] kept = new Matrix[sequences.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = Matrix.of(Tensor.allocate(arena, heads * stride, sequences[i].keys()));
        }
        Matrix y = Matrix.of(Tensor.allocate(arena, x.rows(), out));
        Attention.toFewKeys(
                workspace,
                form,
                new Attention.Operands(x, k, v),
                new Attention.Pattern(sequences, new Attention.Probabilities(kept, stride)),
                residual,
                y);
        // The scalar twin takes b as one more column of the keys, which all queries meet with a 1.
        Matrix ones = Matrix.of(Tensor.allocate(arena, x.rows(), in + 1));
        for (int row = 0; row < x.rows(); row++) {
            Rows.copy(x, row, ones.columns(0, in), row);
            ones.segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, ones.rowOffset(row) + 4L * in, 1f);
        }
        Attention.Form one = new Attention.Form(1, false, null, form.divisor());
        for (int s = 0; s < sequences.length; s++) {
            Attention.Sequence sequence = sequences[s];
            for (int query = 0; query < sequence.queries(); query += 1 + sequence.queries() / 9) {
                double[] expected = new double[out];
                for (int head = 0; head < heads; head++) {
                    Matrix ofHead = k.rows(head * keyRows, keyRows);
                    double[] weights = Scalar.probabilities(one, ones, ofHead, sequence, query, 0, null, false);
                    float[] found = kept[s].rows(head * stride + query, 1).toArray();
                    for (int key = 0; key < weights.length; key++) {
                        assertEquals(weights[key], found[key], TOLERANCE, "probability of key " + key);
                        int row = head * keyRows + sequence.firstKey() + key;
                        float[] value = v.rows(row, 1).toArray();
                        for (int i = 0; i < out; i++) expected[i] += weights[key] * value[i];
                    }
                }
                int row = sequence.firstQuery() + query;
                float[] found = y.rows(row, 1).toArray();
                float[] added = residual == null
                        ? new float[out]
                        : residual.rows(row, 1).toArray();
                for (int i = 0; i < out; i++) assertEquals(expected[i] + added[i], found[i], heads * TOLERANCE);
            }
        }
    }

    @Test
    void tooManyKeysForTwoProductsAreRefused() {
        assertTrue(Attention.fitsFewKeys(12, 64));
        assertFalse(Attention.fitsFewKeys(12, 65));
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            Matrix x = Matrix.of(Tensor.allocate(arena, 2, 3)), y = Matrix.of(Tensor.allocate(arena, 2, 3));
            Matrix k = Matrix.of(Tensor.allocate(arena, 800, 4)), v = Matrix.of(Tensor.allocate(arena, 800, 3));
            Attention.Operands operands = new Attention.Operands(x, k, v);
            Attention.Sequence[] one = {new Attention.Sequence(0, 2, 0, 400, null)};
            var form = new Attention.Form(2, false, null, 3);
            var e = assertThrows(
                    IllegalArgumentException.class,
                    () -> Attention.toFewKeys(workspace, form, operands, Attention.Pattern.of(one), null, y));
            assertEquals("2 heads of 400 keys are more than 768", e.getMessage());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Attention.toFewKeys(
                            workspace, Attention.Form.of(2), operands, Attention.Pattern.of(one), null, y));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void aSequenceHasTheSameBitsInAnyBatchOnAnyNumberOfThreads(int threads) {
        Random random = new Random(threads);
        try (Workers workers = new Workers(threads);
                Workspace workspace = new Workspace(workers);
                Workspace single = new Workspace(Workers.CALLER)) {
            for (int round = 0; round < 10; round++) {
                int heads = 1 + random.nextInt(4), columns = heads * (1 + random.nextInt(70));
                Batch batch = batch(random, 1 + random.nextInt(4), columns, 90, false);
                Matrix together = Matrix.of(Tensor.allocate(arena, batch.q().rows(), columns));
                Matrix alone = Matrix.of(Tensor.allocate(arena, batch.q().rows(), columns));
                Attention.apply(workspace, heads, batch.q(), batch.k(), batch.v(), batch.sequences(), together);
                for (Attention.Sequence sequence : batch.sequences()) {
                    Attention.Sequence[] one = {sequence};
                    Attention.apply(single, heads, batch.q(), batch.k(), batch.v(), one, alone);
                }
                assertArrayEquals(alone.toArray(), together.toArray());
            }
        }
    }

    @Test
    void maskedKeysAreAsIfTheyWereNotThere() {
        Random random = new Random(9);
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            Batch batch = batch(random, 1, 48, 50, false);
            Attention.Sequence all = batch.sequences()[0];
            int keys = all.keys(), shown = Math.max(1, keys / 2);
            int[] visible = IntStream.range(0, shown).toArray();
            Matrix out = Matrix.of(Tensor.allocate(arena, batch.q().rows(), 48));
            var masked = new Attention.Sequence(all.firstQuery(), all.queries(), all.firstKey(), keys, visible);
            Attention.apply(workspace, 3, batch.q(), batch.k(), batch.v(), new Attention.Sequence[] {masked}, out);
            float[] first = out.toArray();
            var cut = new Attention.Sequence(all.firstQuery(), all.queries(), all.firstKey(), shown, null);
            Attention.apply(workspace, 3, batch.q(), batch.k(), batch.v(), new Attention.Sequence[] {cut}, out);
            assertArrayEquals(out.toArray(), first);
        }
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        Matrix q = Matrix.of(Tensor.allocate(arena, 2, 6)), k = Matrix.of(Tensor.allocate(arena, 2, 9));
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Attention.apply(workspace, 3, q, k, k, new Attention.Sequence[0], q));
            var sequence = new Attention.Sequence(0, 2, 0, 2, null);
            var relative = RelativePositions.of(arena, Tensor.allocate(arena, 1, 6), false);
            var e = assertThrows(
                    IllegalArgumentException.class,
                    () -> Attention.apply(
                            workspace,
                            new Attention.Form(1, false, relative),
                            new Attention.Operands(q, q, q),
                            Attention.Pattern.of(sequence),
                            Matrix.of(Tensor.allocate(arena, 2, 6))));
            assertEquals("a sequence of 2 rows, there are 1 relative positions", e.getMessage());
        }
    }

    @Test
    void aSequenceOfRowsThatAreNotThereIsRefused() {
        assertRefused("found 2 queries from row 0 on and 0 keys from row 0 on", () -> sequence(0, 2, 0, 0));
        assertRefused("found 2 queries from row -1 on and 1 keys from row 0 on", () -> sequence(-1, 2, 0, 1));
        assertRefused("found 2 queries from row 0 on and 1 keys from row -1 on", () -> sequence(0, 2, -1, 1));
        assertRefused("expected ascending indices from 0 to 2, found [0, 3]", () -> sequence(0, 1, 0, 3, 0, 3));
        assertRefused("expected ascending indices from 0 to 2, found [-1, 2]", () -> sequence(0, 1, 0, 3, -1, 2));
        assertRefused("expected ascending indices from 0 to 2, found [1, 1]", () -> sequence(0, 1, 0, 3, 1, 1));
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            Matrix q = workspace.matrix(4, 6), k = workspace.matrix(6, 6), out = workspace.matrix(4, 6);
            Matrix few = workspace.matrix(12, 7), values = workspace.matrix(12, 6);
            Attention.Form fewKeys = new Attention.Form(2, false, null, 3), causal = new Attention.Form(2, true, null);
            for (Attention.Sequence wrong :
                    List.of(sequence(3, 2, 0, 6), sequence(0, 4, 1, 6), sequence(Integer.MAX_VALUE, 2, 0, 1))) {
                Attention.Sequence[] both = {sequence(0, 1, 0, 1), wrong};
                String message = "sequence 1: expected rows of 4 queries and 6 keys, found " + wrong.queries();
                assertRefused(message, () -> Attention.apply(workspace, 2, q, k, k, both, out));
                assertRefused(
                        message,
                        () -> Attention.toFewKeys(
                                workspace,
                                fewKeys,
                                new Attention.Operands(q, few, values),
                                Attention.Pattern.of(both),
                                null,
                                out));
            }
            Attention.Sequence[] one = {sequence(0, 4, 0, 3)};
            assertRefused(
                    "sequence 0: expected at most as many queries as the 3 keys in causal attention, found 4",
                    () -> Attention.apply(
                            workspace, causal, new Attention.Operands(q, k, k), Attention.Pattern.of(one), out));
        }
    }

    /** Causal sequences without queries leave nothing to compute, on any number of threads. */
    @Test
    void sequencesWithoutQueriesComputeNothing() {
        try (Workers workers = new Workers(2);
                Workspace workspace = new Workspace(workers)) {
            Matrix none = workspace.matrix(0, 6), k = workspace.matrix(3, 6);
            Attention.Form causal = new Attention.Form(2, true, null);
            Attention.Pattern pattern = Attention.Pattern.of(sequence(0, 0, 0, 3));
            Attention.apply(workspace, causal, new Attention.Operands(none, k, k), pattern, none);
        }
    }

    @Test
    void probabilitiesThatAreTooSmallAreRefused() {
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            Matrix q = workspace.matrix(4, 6), k = workspace.matrix(6, 6), out = workspace.matrix(4, 6);
            Attention.Sequence[] one = {sequence(0, 4, 0, 6)};
            assertRefused(
                    "probabilities: expected 1 sequences, found 0",
                    () -> apply(workspace, q, k, one, out, new Attention.Probabilities(new Matrix[0], 4)));
            String message = "probabilities of sequence 0: expected at least 8 × 6 with a stride of at least 4, found ";
            for (int[] shape : new int[][] {{7, 6}, {8, 5}}) {
                Matrix[] small = {workspace.matrix(shape[0], shape[1])};
                assertRefused(
                        message + shape[0] + " × " + shape[1] + " with 4",
                        () -> apply(workspace, q, k, one, out, new Attention.Probabilities(small, 4)));
            }
        }
    }

    @Test
    void oneHeadNeedsNoStride() {
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            Tensor equal = Tensor.allocate(Arena.ofAuto(), 6, 6), rows = Tensor.allocate(Arena.ofAuto(), 4, 6);
            Matrix k = Matrix.of(equal), out = workspace.matrix(4, 6);
            Attention.Sequence[] one = {sequence(0, 4, 0, 6)};
            Attention.Probabilities kept = new Attention.Probabilities(new Matrix[] {Matrix.of(rows)}, 0);
            Attention.apply(
                    workspace,
                    Attention.Form.of(1),
                    new Attention.Operands(k.rows(0, 4), k, k),
                    new Attention.Pattern(one, kept),
                    out);
            for (float probability : rows.toArray()) assertEquals(1f / 6, probability, 1e-6f);
        }
    }

    private static void apply(
            Workspace workspace,
            Matrix q,
            Matrix k,
            Attention.Sequence[] sequences,
            Matrix out,
            Attention.Probabilities probabilities) {
        Attention.apply(
                workspace,
                Attention.Form.of(2),
                new Attention.Operands(q, k, k),
                new Attention.Pattern(sequences, probabilities),
                out);
    }

    private static Attention.Sequence sequence(int firstQuery, int queries, int firstKey, int keys, int... visible) {
        return new Attention.Sequence(firstQuery, queries, firstKey, keys, visible.length == 0 ? null : visible);
    }

    private static void assertRefused(String message, Executable call) {
        String found = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(found.contains(message), found);
    }

    private Batch batch(Random random, int count, int columns, int longest, boolean causal) {
        Attention.Sequence[] sequences = new Attention.Sequence[count];
        int queries = 0, keys = 0;
        for (int i = 0; i < count; i++) {
            int ownKeys = 1 + random.nextInt(longest), ownQueries = 1 + random.nextInt(Math.min(40, longest));
            if (causal) ownQueries = Math.min(ownQueries, ownKeys);
            sequences[i] = new Attention.Sequence(queries, ownQueries, keys, ownKeys, visible(random, ownKeys));
            queries += ownQueries;
            keys += ownKeys;
        }
        Matrix all = Matrix.of(Scalar.random(random, arena, keys, 2 * columns));
        return new Batch(
                Matrix.of(Scalar.random(random, arena, queries, columns)),
                all.columns(0, columns),
                all.columns(columns, columns),
                sequences);
    }

    /** All, the first ones, the last ones, any, or none. */
    private static int[] visible(Random random, int keys) {
        int kind = random.nextInt(5);
        if (kind == 0) return null;
        int[] shown = IntStream.range(0, keys)
                .filter(key -> switch (kind) {
                    case 1 -> key <= keys / 2;
                    case 2 -> key >= keys / 2;
                    case 3 -> random.nextInt(3) > 0;
                    default -> false;
                })
                .toArray();
        return Arrays.equals(shown, IntStream.range(0, keys).toArray()) ? null : shown;
    }
}
