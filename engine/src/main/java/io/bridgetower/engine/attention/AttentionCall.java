package io.bridgetower.engine.attention;

import io.bridgetower.engine.attention.Attention.Form;
import io.bridgetower.engine.attention.Attention.Operands;
import io.bridgetower.engine.attention.Attention.Pattern;
import io.bridgetower.engine.attention.Attention.Probabilities;
import io.bridgetower.engine.attention.Attention.Sequence;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.matmul.Transpose;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The state and the tasks of one {@link Attention#apply}: a task is a head of a sequence, or a part of its queries. */
abstract sealed class AttentionCall permits FloatAttention, PairAttention {
    /** Tasks for each thread; fewer than this many heads are split by query rows. */
    private static final int TASKS_PER_THREAD = 4;

    final Form form;
    final Operands operands;
    final Matrix out;
    final Sequence[] sequences;
    final int width;

    /** The most rows that a sequence attends to. */
    final int mostKeys;

    /** Byte offsets of the rows of values that each sequence attends to. */
    final long[][] valueOffsets;

    /** The same of keys. */
    private final long[][] keyOffsets;

    private final Probabilities probabilities;
    private final int heads;
    private final int slots;
    private final int splits;
    private MemorySegment panels;
    private long panelsOffset;
    private long headBytes;
    private float[][] scratch;

    /** @param sequences those of the pattern, or with rows in between that are masked */
    AttentionCall(
            Workspace workspace, Form form, Operands operands, Pattern pattern, Sequence[] sequences, Matrix out) {
        this.form = form;
        this.operands = operands;
        this.probabilities = pattern.probabilities();
        this.out = out;
        this.sequences = sequences;
        heads = form.heads();
        width = operands.q().columns() / heads;
        int threads = workspace.workers().threads();
        int jobs = sequences.length * heads;
        splits = threads == 1 ? 1 : Math.max(1, (TASKS_PER_THREAD * threads + jobs - 1) / jobs);
        slots = Math.min(threads, jobs * splits);
        int longest = 0;
        keyOffsets = new long[sequences.length][];
        valueOffsets = new long[sequences.length][];
        for (int i = 0; i < sequences.length; i++) {
            longest = Math.max(longest, sequences[i].attended());
            keyOffsets[i] = offsets(operands.k(), sequences[i]);
            valueOffsets[i] = offsets(operands.v(), sequences[i]);
        }
        mostKeys = longest;
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
        AttentionCall call = PairAttention.fits(form, operands)
                ? new PairAttention(workspace, form, operands, rows, out)
                : new FloatAttention(workspace, form, operands, rows, out);
        call.run(workspace);
        workspace.release(mark);
    }

    private void run(Workspace workspace) {
        headBytes = headBytes();
        panelsOffset =
                workspace.take(TileShape.memoryOfPanels(headBytes * (splits == 1 ? slots : sequences.length * heads)));
        panels = workspace.chunk();
        scratch = workspace.arrays(slots, scratchFloats());
        int tasks = sequences.length * heads * splits;
        if (splits > 1) workspace.workers().run(tasks, this::pack);
        workspace.workers().run(tasks, this::task);
    }

    private void task(int slot, int task) {
        int index = task / (heads * splits), head = task / splits % heads, split = task % splits;
        int tiles = tiles(sequences[index].queries());
        int firstTile = Workers.start(tiles, splits, split), lastTile = Workers.start(tiles, splits, split + 1);
        if (splits == 1) pack(slot, task);
        long base = base(slot, task);
        for (int tile = firstTile; tile < lastTile; tile++) attend(slot, index, head, tile, base, scratch[slot]);
    }

    /** Where the panels of a task lie: one set for each thread, or for each head whose tasks share it. */
    private long base(int slot, int task) {
        return panelsOffset + (splits == 1 ? slot : task / splits) * headBytes;
    }

    /** Packs the keys and values of a head, or the task's part of them. */
    private void pack(int slot, int task) {
        int index = task / (heads * splits), head = task / splits % heads, split = task % splits;
        int keyPanels = TileShape.panels(sequences[index].attended()), valuePanels = TileShape.panels(width);
        long base = base(slot, task);
        int end = Workers.start(keyPanels, splits, split + 1);
        for (int panel = Workers.start(keyPanels, splits, split); panel < end; panel++) {
            packKeys(slot, index, head, panel, base, scratch[slot]);
        }
        end = Workers.start(valuePanels, splits, split + 1);
        for (int panel = Workers.start(valuePanels, splits, split); panel < end; panel++) {
            packValues(slot, index, head, panel, base);
        }
    }

    /** Bytes of the packed keys and values of a head. */
    abstract long headBytes();

    /** Floats that a thread needs in scratch memory. */
    abstract int scratchFloats();

    /** Memory that holds packed keys and values. */
    final MemorySegment panels() {
        return panels;
    }

    /** Threads that run tasks. */
    final int slots() {
        return slots;
    }

    /** Tiles of so many queries. */
    abstract int tiles(int queries);

    abstract void packKeys(int slot, int sequence, int head, int panel, long base, float[] scratch);

    abstract void packValues(int slot, int sequence, int head, int panel, long base);

    abstract void attend(int slot, int sequence, int head, int tile, long base, float[] scratch);

    /** Writes a panel of transposed keys; {@code block} is scratch memory of {@link Transpose#BLOCK} floats. */
    final void transposeKeys(int sequence, int head, int panel, float[] scratch, int block, MemorySegment to, long at) {
        Transpose.panel(
                operands.k().segment(),
                keyOffsets[sequence],
                (long) head * width * Float.BYTES,
                panel * TileShape.PANEL,
                sequences[sequence].attended(),
                width,
                scratch,
                block,
                to,
                at);
    }

    /** Gives a score or a weight to the keys that are after the query of a row. */
    private void fillUnseen(Sequence sequence, int position, int rows, float value, float[] scratch, ScoreStrip strip) {
        for (int r = 0; r < rows; r++) {
            int seen = sequence.attendedUpTo(position + r);
            Softmax.fill(scratch, strip, r, seen, sequence.attended(), value);
        }
    }

    /** Turns scores into exponentials and keeps their sums. They are divided at the end, in the context row, which is shorter. */
    final void exponentials(
            Sequence sequence, boolean causal, int position, int rows, float[] scratch, ScoreStrip strip) {
        if (causal) fillUnseen(sequence, position, rows, Softmax.MASKED, scratch, strip);
        Softmax.exponentials(scratch, strip, rows, sequence.attended());
        if (causal) fillUnseen(sequence, position, rows, 0, scratch, strip);
    }

    /** Copies rows of probabilities, each to the column of its key, if they are kept. */
    final void keep(int index, int head, int query, int rows, float[] scratch, ScoreStrip strip) {
        for (int r = 0; r < rows && probabilities != null; r++) keepRow(index, head, query + r, r, scratch, strip);
    }

    private void keepRow(int index, int head, int query, int row, float[] scratch, ScoreStrip strip) {
        Sequence sequence = sequences[index];
        int keys = sequence.attended();
        Matrix to = probabilities.sequences()[index];
        long at = to.rowOffset(head * probabilities.stride() + query);
        float scale = 1 / scratch[strip.sum(row)];
        if (sequence.contiguous()) {
            for (int key = 0; key < keys; key += TileShape.MAX_K) {
                int count = Math.min(TileShape.MAX_K, keys - key);
                Rows.scale(scale, scratch, strip.at(row, key), to.segment(), at + (long) key * Float.BYTES, count);
            }
        } else {
            for (int key = 0; key < keys; key++) {
                long column = sequence.keyRow(key) - sequence.firstKey();
                float value = scale * scratch[strip.at(row, key)];
                to.segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + column * Float.BYTES, value);
            }
        }
    }
}
