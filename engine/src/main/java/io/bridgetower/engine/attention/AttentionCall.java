package io.bridgetower.engine.attention;

import io.bridgetower.engine.attention.Attention.Form;
import io.bridgetower.engine.attention.Attention.Operands;
import io.bridgetower.engine.attention.Attention.Pattern;
import io.bridgetower.engine.attention.Attention.Probabilities;
import io.bridgetower.engine.attention.Attention.Sequence;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.matmul.FloatPanels;
import io.bridgetower.engine.matmul.Panels;
import io.bridgetower.engine.matmul.Tile;
import io.bridgetower.engine.matmul.TileCompiler;
import io.bridgetower.engine.matmul.TileRows;
import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.matmul.Transpose;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The state and the tasks of one {@link Attention#apply}: a task is a head of a sequence, or a part of its queries. */
final class AttentionCall {
    /** Tasks for each thread; fewer than this many heads are split by query rows. */
    private static final int TASKS_PER_THREAD = 4;

    private final Form form;
    private final Probabilities probabilities;
    private final Matrix q;
    private final Matrix k;
    private final Matrix v;
    private final Matrix out;
    private final Sequence[] sequences;

    /** Byte offsets of the rows that each sequence attends to. */
    private final long[][] keyOffsets, valueOffsets;

    private final Sequence[] gapped;
    private final int heads;
    private final int width;
    private final int splits;
    private final AttentionLayout layout;
    private final MemorySegment panels;
    private final long panelsOffset;
    private final float[][] scratch;

    private AttentionCall(Workspace workspace, Form form, Operands operands, Pattern pattern, Matrix out) {
        Sequence[] sequences = pattern.sequences();
        this.form = form;
        this.probabilities = pattern.probabilities();
        this.q = operands.q();
        this.k = operands.k();
        this.v = operands.v();
        this.out = out;
        this.gapped = sequences;
        this.sequences = form.relative() == null ? sequences : withoutGaps(sequences);
        this.heads = form.heads();
        this.width = q.columns() / heads;
        int threads = workspace.workers().threads();
        int jobs = sequences.length * heads;
        this.splits = threads == 1 ? 1 : Math.max(1, (TASKS_PER_THREAD * threads + jobs - 1) / jobs);
        int longest = 0;
        keyOffsets = new long[sequences.length][];
        valueOffsets = new long[sequences.length][];
        for (int i = 0; i < sequences.length; i++) {
            Sequence sequence = this.sequences[i];
            longest = Math.max(longest, sequence.attended());
            keyOffsets[i] = offsets(k, sequence);
            valueOffsets[i] = offsets(v, sequence);
        }
        this.layout = new AttentionLayout(width, longest);
        int slots = Math.min(threads, jobs * splits);
        this.panelsOffset = workspace.take(TileShape.memoryOfPanels(layout.bytes() * (splits == 1 ? slots : jobs)));
        this.panels = workspace.chunk();
        this.scratch = workspace.arrays(slots, layout.floats());
    }

    private static long[] offsets(Matrix rows, Sequence sequence) {
        long[] offsets = new long[sequence.attended()];
        Arrays.setAll(offsets, key -> rows.rowOffset(sequence.keyRow(key)));
        return offsets;
    }

    static void run(Workspace workspace, Form form, Operands operands, Pattern pattern, Matrix out) {
        Pattern rows = form.causal() ? CausalRows.of(form, pattern) : pattern;
        if (rows.sequences().length == 0) return;
        long mark = workspace.mark();
        AttentionCall call = new AttentionCall(workspace, form, operands, rows, out);
        int tasks = call.sequences.length * call.heads * call.splits;
        if (call.splits > 1) workspace.workers().run(tasks, call::pack);
        workspace.workers().run(tasks, call::task);
        workspace.release(mark);
    }

    private void task(int slot, int task) {
        Sequence sequence = sequences[task / (heads * splits)];
        int head = task / splits % heads, split = task % splits;
        int tiles = TileShape.tiles(sequence.queries());
        int firstTile = Workers.start(tiles, splits, split), lastTile = Workers.start(tiles, splits, split + 1);
        if (splits == 1) pack(slot, task);
        long base = base(slot, task);
        for (int tile = firstTile; tile < lastTile; tile++) {
            attend(task / (heads * splits), head, tile, base, scratch[slot]);
        }
    }

    /** Where the panels of a task lie: one set for each thread, or for each head whose tasks share it. */
    private long base(int slot, int task) {
        return panelsOffset + (splits == 1 ? slot : task / splits) * layout.bytes();
    }

    /** Packs the keys and values of a head, or the task's part of them. */
    private void pack(int slot, int task) {
        int index = task / (heads * splits), head = task / splits % heads, split = task % splits;
        int keys = sequences[index].attended(), keyPanels = TileShape.panels(keys);
        int valuePanels = TileShape.panels(width);
        long base = base(slot, task), first = (long) head * width * Float.BYTES;
        int end = Workers.start(keyPanels, splits, split + 1);
        for (int panel = Workers.start(keyPanels, splits, split); panel < end; panel++) {
            Transpose.panel(
                    k.segment(),
                    keyOffsets[index],
                    first,
                    panel * TileShape.PANEL,
                    keys,
                    width,
                    scratch[slot],
                    layout.block(),
                    panels,
                    base + panel * layout.keyPanel());
        }
        end = Workers.start(valuePanels, splits, split + 1);
        for (int panel = Workers.start(valuePanels, splits, split); panel < end; panel++) {
            int column = panel * TileShape.PANEL, columns = Math.min(TileShape.PANEL, width - column);
            long from = first + (long) column * Float.BYTES, to = layout.valuePanels() + panel * layout.valuePanel();
            Panels.copy(v.segment(), valueOffsets[index], from, keys, columns, panels, base + to);
        }
    }

    private void attend(int index, int head, int tile, long base, float[] scratch) {
        Sequence sequence = sequences[index];
        int height = TileShape.height(sequence.queries(), tile), first = TileShape.firstRow(sequence.queries(), tile);
        int rows = Math.min(height, sequence.queries() - first);
        int keys = sequence.attended(), position = form.firstPosition(sequence) + first;
        Tile kernel = TileCompiler.tile(FloatPanels.F32, height);
        packQueries(sequence, head, sequence.firstQuery() + first, rows, scratch);
        for (int panel = 0; panel < TileShape.panels(keys); panel++) {
            int to = layout.strip() + AttentionLayout.packed(0, panel * TileShape.PANEL);
            product(kernel, 0, base + panel * layout.keyPanel(), width, to, TileShape.PITCH, scratch);
        }
        if (form.relative() != null) addRelative(sequence, position, rows, base, scratch);
        if (sequence != gapped[index]) mask(gapped[index], rows, scratch);
        boolean causal = form.causal() && !gapped[index].isFullyMasked();
        if (causal) fillUnseen(sequence, position, rows, Softmax.MASKED, scratch);
        // The exponentials are divided by their sum at the end, in the context row, which is shorter.
        Softmax.exponentials(scratch, layout.strip(), rows, keys);
        if (causal) fillUnseen(sequence, position, rows, 0, scratch);
        for (int panel = 0; panel < TileShape.panels(width); panel++) {
            int column = panel * TileShape.PANEL, columns = Math.min(TileShape.PANEL, width - column);
            long b = base + layout.valuePanels() + panel * layout.valuePanel();
            product(kernel, layout.strip(), b, keys, layout.context(), TileShape.PANEL, scratch);
            int row = sequence.firstQuery() + first, to = head * width + column, sum = Softmax.sum(layout.strip(), 0);
            TileRows.storeQuotients(scratch, layout.context(), sum, rows, out, row, to, columns);
        }
        for (int r = 0; r < rows && probabilities != null; r++) keep(index, head, first + r, r, keys, scratch);
    }

    /** Gives a score or a weight to the keys that are after the query of a row. */
    private void fillUnseen(Sequence sequence, int position, int rows, float value, float[] scratch) {
        for (int r = 0; r < rows; r++) {
            int seen = sequence.attendedUpTo(position + r);
            Softmax.fill(scratch, layout.strip(), r, seen, sequence.attended(), value);
        }
    }

    /**
     * The columns of a strip are the keys that are attended to; with relative positions they have to be the keys from
     * the first on, so where one is left out in between, all are taken and the ones not attended to are masked.
     */
    private static Sequence[] withoutGaps(Sequence[] sequences) {
        Sequence[] whole = sequences.clone();
        for (int i = 0; i < whole.length; i++) {
            Sequence s = whole[i];
            if (!s.contiguous()) whole[i] = new Sequence(s.firstQuery(), s.queries(), s.firstKey(), s.keys(), null);
        }
        return whole;
    }

    private void mask(Sequence sequence, int rows, float[] scratch) {
        for (int key = 0; key < sequence.keys(); key++) {
            if (sequence.sees(key)) continue;
            for (int r = 0; r < rows; r++) scratch[layout.strip() + AttentionLayout.packed(r, key)] = Softmax.MASKED;
        }
    }

    private void addRelative(Sequence sequence, int position, int rows, long base, float[] scratch) {
        if (sequence.isFullyMasked()) return;
        float scale = form.scoreFactor(sequence, width);
        for (int panel = 0; panel < TileShape.panels(sequence.attended()); panel++) {
            int key = panel * TileShape.PANEL;
            for (int r = 0; r < rows; r++) {
                int scores = layout.strip() + AttentionLayout.packed(r, key);
                long keyPanel = base + panel * layout.keyPanel();
                form.relative()
                        .add(scratch, r * TileShape.PITCH, position + r, panels, keyPanel, key, scale, scratch, scores);
            }
        }
    }

    /** Copies a row of probabilities, each to the column of its key. */
    private void keep(int index, int head, int query, int row, int keys, float[] scratch) {
        Sequence sequence = sequences[index];
        Matrix to = probabilities.sequences()[index];
        long at = to.rowOffset(head * probabilities.stride() + query);
        float scale = 1 / scratch[Softmax.sum(layout.strip(), row)];
        if (sequence.contiguous()) {
            for (int key = 0; key < keys; key += TileShape.MAX_K) {
                int count = Math.min(TileShape.MAX_K, keys - key),
                        from = layout.strip() + AttentionLayout.packed(row, key);
                Rows.scale(scale, scratch, from, to.segment(), at + (long) key * Float.BYTES, count);
            }
        } else {
            for (int key = 0; key < keys; key++) {
                long column = sequence.keyRow(key) - sequence.firstKey();
                float value = scale * scratch[layout.strip() + AttentionLayout.packed(row, key)];
                to.segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + column * Float.BYTES, value);
            }
        }
    }

    private void packQueries(Sequence sequence, int head, int firstQuery, int rows, float[] scratch) {
        float scale = form.scoreFactor(sequence, width);
        for (int column = 0; column < width; column += TileShape.PANEL) {
            int columns = Math.min(TileShape.PANEL, width - column), to = AttentionLayout.packed(0, column);
            TileRows.pack(scale, q, firstQuery, rows, head * width + column, columns, scratch, to);
        }
    }

    /** A whole sum over {@code depth}, block by block. */
    private void product(Tile kernel, int a, long b, int depth, int c, int cStride, float[] scratch) {
        long stripe = (long) depth * Lanes.BYTES;
        int first = Math.min(depth, TileShape.MAX_K);
        kernel.run(Tile.ZERO, 0, 0, scratch, a, panels, b, stripe, first, scratch, c, cStride);
        for (int k = TileShape.MAX_K; k < depth; k += TileShape.MAX_K) {
            int count = Math.min(TileShape.MAX_K, depth - k), block = a + AttentionLayout.packed(0, k);
            long bBlock = b + (long) k * Lanes.BYTES;
            kernel.run(scratch, c, cStride, scratch, block, panels, bBlock, stripe, count, scratch, c, cStride);
        }
    }
}
