package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Multi-head attention, {@code softmax(q·kᵀ / √d)·v} per head, over a ragged batch: the rows of all sequences lie one
 * under the other and each sequence attends to its own keys.
 *
 * <p>For one head, keys are transposed and values copied into panels; then, for a tile of query rows at a time, the
 * scores of all keys are computed into a strip that stays in cache, turned into exponentials in place, and multiplied
 * with the values. Both products are the micro-kernel. The full score matrix is never stored.
 */
public final class Attention {
    /** Tasks for each thread; fewer than this many heads are split by query rows. */
    private static final int TASKS_PER_THREAD = 2;

    /**
     * One sequence of the batch.
     *
     * @param firstQuery its first row among the queries
     * @param queries number of its query rows
     * @param firstKey its first row among the keys and values
     * @param keys number of its key rows
     * @param visible rows, counted from {@code firstKey}, that may be attended to, ascending; null for all. If it is
     *     empty, every row gets the same weight, as a softmax over equally masked scores gives
     */
    public record Sequence(int firstQuery, int queries, int firstKey, int keys, int[] visible) {
        int attended() {
            return visible == null || visible.length == 0 ? keys : visible.length;
        }

        int keyRow(int index) {
            return firstKey + (visible == null || visible.length == 0 ? index : visible[index]);
        }
    }

    private final Matrix q;
    private final Matrix k;
    private final Matrix v;
    private final Matrix out;
    private final Sequence[] sequences;
    private final int heads;
    private final int width;
    private final int splits;
    private final Layout layout;
    private final MemorySegment panels;
    private final long panelsOffset;
    private final float[][] scratch;

    private Attention(Workspace workspace, int heads, Matrix q, Matrix k, Matrix v, Sequence[] sequences, Matrix out) {
        this.q = q;
        this.k = k;
        this.v = v;
        this.out = out;
        this.sequences = sequences;
        this.heads = heads;
        this.width = q.columns() / heads;
        int threads = workspace.workers().threads();
        int jobs = sequences.length * heads;
        this.splits = threads == 1 ? 1 : Math.max(1, (TASKS_PER_THREAD * threads + jobs - 1) / jobs);
        int longest = 0;
        for (Sequence sequence : sequences) longest = Math.max(longest, sequence.attended());
        this.layout = new Layout(width, longest);
        int slots = Math.min(threads, jobs * splits);
        this.panelsOffset = workspace.take(layout.bytes() * slots);
        this.panels = workspace.chunk();
        this.scratch = workspace.arrays(slots, layout.floats());
    }

    /**
     * Computes the context rows of all sequences.
     *
     * @param heads number of heads; head h takes columns {@code h * width} to {@code (h + 1) * width}
     * @param q queries, [query rows, heads · width]
     * @param k keys, [key rows, heads · width]
     * @param v values, of the shape of k
     * @param sequences which rows belong together; each has at least one key
     * @param out [query rows, heads · width]; rows of no sequence are left alone; must not overlap q, k or v
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public static void apply(
            Workspace workspace, int heads, Matrix q, Matrix k, Matrix v, Sequence[] sequences, Matrix out) {
        if (q.columns() % heads != 0
                || k.columns() != q.columns()
                || v.columns() != q.columns()
                || v.rows() != k.rows()
                || out.columns() != q.columns()
                || out.rows() != q.rows()) {
            throw new IllegalArgumentException("attention with " + heads + " heads: queries " + q + ", keys " + k
                    + ", values " + v + " and output " + out + " do not fit");
        }
        if (sequences.length == 0) return;
        long mark = workspace.mark();
        Attention attention = new Attention(workspace, heads, q, k, v, sequences, out);
        workspace.workers().run(sequences.length * heads * attention.splits, attention::task);
        workspace.release(mark);
    }

    /**
     * The parts of a slot's scratch memory: panels of keys, panels of values and a block to transpose in, in bytes off
     * the heap; packed queries, strip of scores and context rows, in floats on it.
     */
    private record Layout(int width, int keys) {
        long keyPanel() {
            return width * TileShape.PANEL_BYTES;
        }

        long valuePanel() {
            return keys * TileShape.PANEL_BYTES;
        }

        long valuePanels() {
            return TileShape.panels(keys) * keyPanel();
        }

        long block() {
            return valuePanels() + TileShape.panels(width) * valuePanel();
        }

        long bytes() {
            return block() + Transpose.BLOCK_BYTES;
        }

        int strip() {
            return stripBlocks(width) * TileShape.TILE_FLOATS;
        }

        int context() {
            return strip() + stripBlocks(keys) * TileShape.TILE_FLOATS;
        }

        int contextStride() {
            return TileShape.panels(width) * TileShape.PANEL;
        }

        int partial() {
            return context() + TileShape.MAX_ROWS * contextStride();
        }

        int floats() {
            return partial() + TileShape.MAX_ROWS * TileShape.PANEL;
        }

        private static int stripBlocks(int depth) {
            return (depth + TileShape.MAX_K - 1) / TileShape.MAX_K;
        }

        /** Where element (row, column) of a packed tile lies, whose blocks of columns lie one after the other. */
        static int packed(int row, int column) {
            int block = column / TileShape.MAX_K;
            return block * TileShape.TILE_FLOATS + row * TileShape.PITCH + column - block * TileShape.MAX_K;
        }
    }

    private void task(int slot, int task) {
        Sequence sequence = sequences[task / (heads * splits)];
        int head = task / splits % heads, split = task % splits;
        int tiles = TileShape.tiles(sequence.queries());
        int firstTile = TileShape.firstRow(tiles, splits, split),
                lastTile = TileShape.firstRow(tiles, splits, split + 1);
        if (firstTile == lastTile) return;
        long base = panelsOffset + slot * layout.bytes();
        packKeys(sequence, head, base);
        packValues(sequence, head, base);
        for (int tile = firstTile; tile < lastTile; tile++) {
            int first = TileShape.firstRow(sequence.queries(), tiles, tile);
            int rows = TileShape.firstRow(sequence.queries(), tiles, tile + 1) - first;
            attend(sequence, head, sequence.firstQuery() + first, rows, base, scratch[slot]);
        }
    }

    private void packKeys(Sequence sequence, int head, long base) {
        int keys = sequence.attended();
        Panels.RowSource source = (row, block, at, column, columns) -> Panels.copyRow(
                k.segment(),
                k.rowOffset(sequence.keyRow(row)) + ((long) head * width + column) * Float.BYTES,
                block,
                at,
                columns);
        for (int panel = 0; panel < TileShape.panels(keys); panel++) {
            long to = base + panel * layout.keyPanel();
            Panels.transposed(source, panel * TileShape.PANEL, keys, width, panels, base + layout.block(), panels, to);
        }
    }

    private void packValues(Sequence sequence, int head, long base) {
        int keys = sequence.attended();
        for (int panel = 0; panel < TileShape.panels(width); panel++) {
            int column = panel * TileShape.PANEL, columns = Math.min(TileShape.PANEL, width - column);
            long to = base + layout.valuePanels() + panel * layout.valuePanel();
            long from = ((long) head * width + column) * Float.BYTES;
            for (int key = 0; key < keys; key++, to += TileShape.PANEL_BYTES) {
                long at = v.rowOffset(sequence.keyRow(key)) + from;
                for (int i = 0; i < TileShape.PANEL; i += VectorWidth.LANES) {
                    int count = Math.clamp(columns - i, 0, VectorWidth.LANES);
                    Panels.copyRow(
                            v.segment(), at + (long) i * Float.BYTES, panels, to + (long) i * Float.BYTES, count);
                }
            }
        }
    }

    private void attend(Sequence sequence, int head, int firstQuery, int rows, long base, float[] scratch) {
        int keys = sequence.attended();
        packQueries(sequence, head, firstQuery, rows, scratch);
        for (int panel = 0; panel < TileShape.panels(keys); panel++) {
            int to = layout.strip() + Layout.packed(0, panel * TileShape.PANEL);
            product(rows, 0, base + panel * layout.keyPanel(), width, to, TileShape.PITCH, scratch);
        }
        // The exponentials are divided by their sum at the end, in the context row, which is shorter.
        for (int r = 0; r < rows; r++) exponentials(r, keys, scratch);
        for (int panel = 0; panel < TileShape.panels(width); panel++) {
            long b = base + layout.valuePanels() + panel * layout.valuePanel();
            int to = layout.context() + panel * TileShape.PANEL;
            product(rows, layout.strip(), b, keys, to, layout.contextStride(), scratch);
        }
        for (int r = 0; r < rows; r++) {
            long to = out.rowOffset(firstQuery + r) + (long) head * width * Float.BYTES;
            int from = layout.context() + r * layout.contextStride();
            Rows.scale(1 / scratch[sumAt(r)], scratch, from, out.segment(), to, width);
        }
    }

    private void packQueries(Sequence sequence, int head, int firstQuery, int rows, float[] scratch) {
        boolean uniform = sequence.visible() != null && sequence.visible().length == 0;
        float scale = uniform ? 0f : (float) (1 / Math.sqrt(width));
        for (int r = 0; r < rows; r++) {
            long from = q.rowOffset(firstQuery + r) + (long) head * width * Float.BYTES;
            for (int column = 0; column < width; column += TileShape.MAX_K) {
                int count = Math.min(TileShape.MAX_K, width - column);
                long at = from + (long) column * Float.BYTES;
                Rows.scale(scale, q.segment(), at, scratch, Layout.packed(r, column), count);
            }
        }
    }

    /** A whole sum over {@code depth}, block by block. */
    private void product(int rows, int a, long b, int depth, int c, int cStride, float[] scratch) {
        Tile kernel = TileCompiler.tile(rows);
        kernel.run(scratch, a, panels, b, Math.min(depth, TileShape.MAX_K), scratch, c, cStride);
        for (int k = TileShape.MAX_K; k < depth; k += TileShape.MAX_K) {
            int count = Math.min(TileShape.MAX_K, depth - k), partial = layout.partial();
            long bBlock = b + k * TileShape.PANEL_BYTES;
            kernel.run(scratch, a + Layout.packed(0, k), panels, bBlock, count, scratch, partial, TileShape.PANEL);
            for (int r = 0; r < rows; r++) {
                Rows.add(scratch, partial + r * TileShape.PANEL, scratch, c + r * cStride, TileShape.PANEL);
            }
        }
    }

    /** Where the sum of a row of exponentials is kept: behind the row's first block, in the room between rows. */
    private int sumAt(int row) {
        return layout.strip() + row * TileShape.PITCH + TileShape.MAX_K;
    }

    /** Replaces a row of scores by exp(score − maximum) and keeps the sum. */
    private void exponentials(int row, int keys, float[] scratch) {
        int whole = Vectors.whole(keys), lanes = VectorWidth.LANES;
        var tail = Vectors.tail(keys);
        FloatVector greatest = Vectors.broadcast(Float.NEGATIVE_INFINITY);
        for (int block = 0; block < whole; block += TileShape.MAX_K) {
            int at = layout.strip() + Layout.packed(row, block), count = Math.min(whole - block, TileShape.MAX_K);
            for (int i = 0; i < count; i += lanes) greatest = greatest.max(Vectors.load(scratch, at + i));
        }
        // The last panel is stored whole, so the lanes past the last key may be read; the mask keeps them out.
        int lastAt = layout.strip() + Layout.packed(row, whole);
        if (whole < keys) greatest = greatest.lanewise(VectorOperators.MAX, Vectors.load(scratch, lastAt), tail);
        float maximum = greatest.reduceLanes(VectorOperators.MAX);

        FloatVector sum = Vectors.zero();
        for (int block = 0; block < whole; block += TileShape.MAX_K) {
            int at = layout.strip() + Layout.packed(row, block), count = Math.min(whole - block, TileShape.MAX_K);
            for (int i = 0; i < count; i += lanes) {
                FloatVector e = VectorMath.exp(Vectors.load(scratch, at + i).sub(maximum));
                e.intoArray(scratch, at + i);
                sum = sum.add(e);
            }
        }
        if (whole < keys) {
            FloatVector e = VectorMath.exp(Vectors.load(scratch, lastAt).sub(maximum));
            e.intoArray(scratch, lastAt);
            sum = sum.add(e, tail);
        }
        scratch[sumAt(row)] = Vectors.sum(sum);
    }
}
