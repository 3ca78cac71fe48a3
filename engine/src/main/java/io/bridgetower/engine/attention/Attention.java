package io.bridgetower.engine.attention;

import io.bridgetower.engine.matmul.PanelFormat;
import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.vector.VectorMath;
import java.util.Arrays;

/**
 * Multi-head attention, {@code softmax(q·kᵀ / √d)·v} per head, over a ragged batch: the rows of all sequences lie one
 * under the other and each sequence attends to its own keys.
 *
 * <p>For one head, keys are transposed and values copied into panels; then, for a tile of query rows at a time, the
 * scores of all keys are computed into a strip that stays in cache, turned into exponentials in place, and multiplied
 * with the values. Both products are the micro-kernel. The full score matrix is never stored.
 */
public final class Attention {
    /**
     * One sequence of the batch.
     *
     * @param firstQuery its first row among the queries
     * @param queries number of its query rows
     * @param firstKey its first row among the keys and values
     * @param keys number of its key rows, at least 1
     * @param visible rows, counted from {@code firstKey}, that may be attended to, ascending; null for all. A query that
     *     sees none of them gives every key the same weight, later ones in causal attention included, as a softmax over
     *     equally masked scores does
     */
    public record Sequence(int firstQuery, int queries, int firstKey, int keys, int[] visible) {
        /** @throws IllegalArgumentException if a number is negative, there is no key, or the visible rows are not its own */
        public Sequence {
            if (firstQuery < 0 || queries < 0 || firstKey < 0 || keys < 1) {
                throw new IllegalArgumentException("expected a sequence of at least 1 key, found "
                        + range("queries", firstQuery, queries) + " and " + range("keys", firstKey, keys));
            }
            for (int i = 0; visible != null && i < visible.length; i++) {
                if (visible[i] < (i == 0 ? 0 : visible[i - 1] + 1) || visible[i] >= keys) {
                    throw new IllegalArgumentException(
                            "visible keys of a sequence: expected ascending indices from 0 to " + (keys - 1)
                                    + ", found " + Arrays.toString(visible));
                }
            }
        }

        /** The same sequence among other rows. */
        public Sequence moved(int queries, int keys) {
            return new Sequence(firstQuery + queries, this.queries, firstKey + keys, this.keys, visible);
        }

        boolean isFullyMasked() {
            return visible != null && visible.length == 0;
        }

        boolean sees(int key) {
            return visible == null || Arrays.binarySearch(visible, key) >= 0;
        }

        /** Whether the rows attended to are the first ones, without gaps. */
        boolean contiguous() {
            return visible == null || visible.length == 0 || visible[visible.length - 1] == visible.length - 1;
        }

        /** How many rows are attended to. */
        public int attended() {
            return visible == null || visible.length == 0 ? keys : visible.length;
        }

        /** How many of the rows attended to are not after {@code position}. */
        int attendedUpTo(int position) {
            if (visible == null) return position + 1;
            int found = Arrays.binarySearch(visible, position);
            return found >= 0 ? found + 1 : -found - 1;
        }

        private void check(int index, Form form, int queryRows, int keyRows) {
            if ((long) firstQuery + queries > queryRows || (long) firstKey + keys > keyRows) {
                throw new IllegalArgumentException(
                        "sequence " + index + ": expected rows of " + queryRows + " queries and " + keyRows
                                + " keys, found " + range("queries", firstQuery, queries) + " and "
                                + range("keys", firstKey, keys));
            }
            if (form.causal() && queries > keys) {
                throw new IllegalArgumentException("sequence " + index + ": expected at most as many queries as the "
                        + keys + " keys in causal attention, found " + queries);
            }
        }

        private static String range(String rows, int first, int count) {
            return count + " " + rows + " from row " + first + " on";
        }

        int keyRow(int index) {
            return firstKey + (visible == null || visible.length == 0 ? index : visible[index]);
        }
    }

    /**
     * How queries and keys meet.
     *
     * @param heads number of heads; head h takes columns {@code h * width} to {@code (h + 1) * width}
     * @param causal whether a sequence's queries are its last rows and see no key after their own, if they see any
     * @param relative embeddings of the distance between query and key; null for none
     * @param divisor scores are divided by its square root; 0 for d, the width of a head
     * @param format of the products; those of 32 bits are taken instead where there are relative positions, or d is not a
     *     multiple of 32
     */
    public record Form(int heads, boolean causal, RelativePositions relative, int divisor, PanelFormat format) {
        /** Products are of 32 bits. */
        public Form(int heads, boolean causal, RelativePositions relative, int divisor) {
            this(heads, causal, relative, divisor, PanelFormat.F32);
        }

        /** Scores are divided by √d, products are of 32 bits. */
        public Form(int heads, boolean causal, RelativePositions relative) {
            this(heads, causal, relative, 0);
        }

        /** The same with the products that layers of a format have. */
        public Form with(PanelFormat products) {
            return new Form(heads, causal, relative, divisor, products.ofComputed());
        }

        /** Every query sees every visible key. */
        public static Form of(int heads) {
            return new Form(heads, false, null);
        }

        /**
         * What a sequence's dot products are multiplied with: 1/√d as in the paper, and log₂ e for {@link Softmax}.
         *
         * @param width of a head
         */
        float scoreFactor(Sequence sequence, int width) {
            if (sequence.isFullyMasked()) return 0;
            return (float) (VectorMath.LOG2_E / Math.sqrt(divisor == 0 ? width : divisor));
        }

        /** Position of a sequence's first query among its keys. */
        int firstPosition(Sequence sequence) {
            return causal ? sequence.keys() - sequence.queries() : 0;
        }
    }

    /**
     * Where the probabilities are kept that the weighted sums were made with.
     *
     * @param sequences for each sequence a matrix of a row per head and query, row {@code head * stride + query}, and a
     *     column per key; elements of keys that may not be attended to are left alone
     * @param stride rows from one head to the next
     */
    public record Probabilities(Matrix[] sequences, int stride) {
        /** Those of one sequence. */
        Probabilities of(int sequence) {
            return new Probabilities(new Matrix[] {sequences[sequence]}, stride);
        }

        private void check(Form form, Sequence[] of) {
            if (sequences.length != of.length) {
                throw new IllegalArgumentException(
                        "probabilities: expected " + of.length + " sequences, found " + sequences.length);
            }
            for (int i = 0; i < of.length; i++) {
                int queries = of[i].queries(), keys = of[i].keys();
                long rows = (form.heads() - 1L) * stride + queries;
                boolean overlap = form.heads() > 1 && stride < queries;
                if (overlap || sequences[i].rows() < rows || sequences[i].columns() < keys) {
                    throw new IllegalArgumentException("probabilities of sequence " + i + ": expected at least " + rows
                            + " × " + keys + " with a stride of at least " + queries + ", found " + sequences[i]
                            + " with " + stride);
                }
            }
        }
    }

    /**
     * What attends and what is attended to.
     *
     * @param q queries, [query rows, heads · width]
     * @param k keys, [key rows, heads · width]
     * @param v values, of the shape of k
     */
    public record Operands(Matrix q, Matrix k, Matrix v) {}

    /**
     * Which rows attend to which.
     *
     * @param sequences which rows belong together
     * @param probabilities filled; null to keep none
     */
    public record Pattern(Sequence[] sequences, Probabilities probabilities) {
        /** A pattern that keeps no probabilities. */
        public static Pattern of(Sequence... sequences) {
            return new Pattern(sequences, null);
        }

        private void check(Form form, int queryRows, int keyRows) {
            for (int i = 0; i < sequences.length; i++) sequences[i].check(i, form, queryRows, keyRows);
            if (probabilities != null) probabilities.check(form, sequences);
        }
    }

    private Attention() {}

    /**
     * As {@link #apply(Workspace, Form, Operands, Pattern, Matrix)}: non-causal, without relative positions; keeps no
     * probabilities.
     */
    public static void apply(
            Workspace workspace, int heads, Matrix q, Matrix k, Matrix v, Sequence[] sequences, Matrix out) {
        apply(workspace, Form.of(heads), new Operands(q, k, v), Pattern.of(sequences), out);
    }

    /**
     * Computes the context rows of all sequences.
     *
     * @param out [query rows, heads · width]; rows of no sequence are left alone; must not overlap the operands
     * @throws IllegalArgumentException if the shapes do not fit, a sequence has rows that are not there, more queries than
     *     keys where attention is causal, or is longer than there are relative positions
     */
    public static void apply(Workspace workspace, Form form, Operands operands, Pattern pattern, Matrix out) {
        int heads = form.heads();
        Matrix q = operands.q(), k = operands.k(), v = operands.v();
        if (q.columns() % heads != 0
                || k.columns() != q.columns()
                || v.columns() != q.columns()
                || v.rows() != k.rows()
                || out.columns() != q.columns()
                || out.rows() != q.rows()) {
            throw new IllegalArgumentException("attention with " + heads + " heads: queries " + q + ", keys " + k
                    + ", values " + v + " and output " + out + " do not fit");
        }
        pattern.check(form, q.rows(), k.rows());
        if (form.relative() != null) checkPositions(form.relative(), q.columns() / heads, pattern.sequences());
        AttentionCall.run(workspace, form, operands, pattern, out);
    }

    /**
     * Attention of many rows to few keys by two products. The projection of the queries has gone to the keys and that of the
     * context rows to the values, so the rows meet keys that are as wide as they are: row r of y is
     *
     * <pre>{@code residual[r] + Σ over heads h and keys j of softmaxⱼ((x[r]·k[h, j] + b[h, j]) / √divisor) · v[h, j]}</pre>
     *
     * @param form neither causal nor with relative positions; with a divisor
     * @param operands x as the queries, [query rows, in]; as keys k, [heads · key rows, in + 1]: the key rows of one head
     *     after those of the other, b in the last column; values v, [heads · key rows, out]
     * @param pattern its sequences have no more keys than {@link #fitsFewKeys} allows
     * @param residual [query rows, out]; null for none
     * @param y [query rows, out]; rows of no sequence are left alone; must not overlap the others
     * @throws IllegalArgumentException if the shapes or the form do not fit, or a sequence has rows that are not there
     */
    public static void toFewKeys(
            Workspace workspace, Form form, Operands operands, Pattern pattern, Matrix residual, Matrix y) {
        Matrix x = operands.q(), keys = operands.k(), values = operands.v();
        if (form.causal()
                || form.relative() != null
                || form.divisor() == 0
                || keys.columns() != x.columns() + 1
                || keys.rows() % form.heads() != 0
                || values.rows() != keys.rows()
                || y.columns() != values.columns()
                || y.rows() != x.rows()
                || residual != null && (residual.rows() != y.rows() || residual.columns() != y.columns())) {
            throw new IllegalArgumentException(form + ": rows " + x + ", keys " + keys + ", values " + values
                    + ", residual " + residual + " and output " + y + " do not fit");
        }
        pattern.check(form, x.rows(), keys.rows() / form.heads());
        Probabilities kept = pattern.probabilities();
        for (int i = 0; i < pattern.sequences().length; i++) {
            Sequence s = pattern.sequences()[i];
            if (!fitsFewKeys(form.heads(), s.attended())) {
                throw new IllegalArgumentException(
                        form.heads() + " heads of " + s.attended() + " keys are more than " + TileShape.MAX_K);
            }
            FewKeys.run(
                    workspace,
                    form,
                    new Operands(x.rows(s.firstQuery(), s.queries()), keys, values),
                    s,
                    kept == null ? null : kept.of(i),
                    residual == null ? null : residual.rows(s.firstQuery(), s.queries()),
                    y.rows(s.firstQuery(), s.queries()));
        }
    }

    /** Whether {@link #toFewKeys} takes so many keys for each of the heads. */
    public static boolean fitsFewKeys(int heads, int keys) {
        return (long) heads * keys <= TileShape.MAX_K;
    }

    private static void checkPositions(RelativePositions relative, int width, Sequence[] sequences) {
        if (relative.width() != width) {
            throw new IllegalArgumentException(
                    "relative positions of width " + relative.width() + " for heads of width " + width);
        }
        for (Sequence sequence : sequences) {
            int rows = Math.max(sequence.queries(), sequence.keys());
            if (rows > relative.positions()) {
                throw new IllegalArgumentException(
                        "a sequence of " + rows + " rows, there are " + relative.positions() + " relative positions");
            }
        }
    }
}
