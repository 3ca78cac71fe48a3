package io.bridgetower.engine.attention;

import io.bridgetower.engine.attention.Attention.Form;
import io.bridgetower.engine.attention.Attention.Operands;
import io.bridgetower.engine.attention.Attention.Pattern;
import io.bridgetower.engine.attention.Attention.Sequence;
import io.bridgetower.engine.matmul.FloatPanels;
import io.bridgetower.engine.matmul.Panels;
import io.bridgetower.engine.matmul.Tile;
import io.bridgetower.engine.matmul.TileCompiler;
import io.bridgetower.engine.matmul.TileRows;
import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.vector.Lanes;

/** Attention whose products are of 32 bits, by {@link Tile}s. */
final class FloatAttention extends AttentionCall {
    private final Sequence[] gapped;
    private final AttentionLayout layout;
    private final ScoreStrip queries, strip;

    FloatAttention(Workspace workspace, Form form, Operands operands, Pattern pattern, Matrix out) {
        super(workspace, form, operands, pattern, sequences(form, pattern), out);
        gapped = pattern.sequences();
        layout = new AttentionLayout(width, mostKeys);
        queries = new ScoreStrip(0, TileShape.MAX_ROWS);
        strip = new ScoreStrip(layout.strip(), TileShape.MAX_ROWS);
    }

    /**
     * The columns of a strip are the keys that are attended to; with relative positions they have to be the keys from
     * the first on, so where one is left out in between, all are taken and the ones not attended to are masked.
     */
    private static Sequence[] sequences(Form form, Pattern pattern) {
        if (form.relative() == null) return pattern.sequences();
        Sequence[] whole = pattern.sequences().clone();
        for (int i = 0; i < whole.length; i++) {
            Sequence s = whole[i];
            if (!s.contiguous()) whole[i] = new Sequence(s.firstQuery(), s.queries(), s.firstKey(), s.keys(), null);
        }
        return whole;
    }

    @Override
    long headBytes() {
        return layout.bytes();
    }

    @Override
    int scratchFloats() {
        return layout.floats();
    }

    @Override
    int tiles(int queries) {
        return TileShape.tiles(queries);
    }

    @Override
    void packKeys(int slot, int sequence, int head, int panel, long base, float[] scratch) {
        transposeKeys(sequence, head, panel, scratch, layout.block(), panels(), base + panel * layout.keyPanel());
    }

    @Override
    void packValues(int slot, int sequence, int head, int panel, long base) {
        int column = panel * TileShape.PANEL, columns = Math.min(TileShape.PANEL, width - column);
        long from = (long) (head * width + column) * Float.BYTES;
        long to = base + layout.valuePanels() + panel * layout.valuePanel();
        int keys = sequences[sequence].attended();
        Panels.copy(operands.v().segment(), valueOffsets[sequence], from, keys, columns, panels(), to);
    }

    @Override
    void attend(int slot, int index, int head, int tile, long base, float[] scratch) {
        Sequence sequence = sequences[index];
        int height = TileShape.height(sequence.queries(), tile), first = TileShape.firstRow(sequence.queries(), tile);
        int rows = Math.min(height, sequence.queries() - first);
        int keys = sequence.attended(), position = form.firstPosition(sequence) + first;
        Tile kernel = TileCompiler.tile(FloatPanels.F32, height);
        packQueries(sequence, head, sequence.firstQuery() + first, rows, scratch);
        for (int panel = 0; panel < TileShape.panels(keys); panel++) {
            int to = strip.at(0, panel * TileShape.PANEL);
            product(kernel, queries, base + panel * layout.keyPanel(), width, to, TileShape.PITCH, scratch);
        }
        if (form.relative() != null) addRelative(sequence, position, rows, base, scratch);
        if (sequence != gapped[index]) mask(gapped[index], rows, scratch);
        boolean causal = form.causal() && !gapped[index].isFullyMasked();
        exponentials(sequence, causal, position, rows, scratch, strip);
        for (int panel = 0; panel < TileShape.panels(width); panel++) {
            int column = panel * TileShape.PANEL, columns = Math.min(TileShape.PANEL, width - column);
            long b = base + layout.valuePanels() + panel * layout.valuePanel();
            product(kernel, strip, b, keys, layout.context(), TileShape.PANEL, scratch);
            int row = sequence.firstQuery() + first, to = head * width + column;
            TileRows.storeQuotients(scratch, layout.context(), strip.sum(0), rows, out, row, to, columns);
        }
        keep(index, head, first, rows, scratch, strip);
    }

    private void mask(Sequence sequence, int rows, float[] scratch) {
        for (int key = 0; key < sequence.keys(); key++) {
            if (sequence.sees(key)) continue;
            for (int r = 0; r < rows; r++) scratch[strip.at(r, key)] = Softmax.MASKED;
        }
    }

    private void addRelative(Sequence sequence, int position, int rows, long base, float[] scratch) {
        if (sequence.isFullyMasked()) return;
        float scale = form.scoreFactor(sequence, width);
        for (int panel = 0; panel < TileShape.panels(sequence.attended()); panel++) {
            int key = panel * TileShape.PANEL;
            for (int r = 0; r < rows; r++) {
                long keyPanel = base + panel * layout.keyPanel();
                form.relative()
                        .add(
                                scratch,
                                r * TileShape.PITCH,
                                position + r,
                                panels(),
                                keyPanel,
                                key,
                                scale,
                                scratch,
                                strip.at(r, key));
            }
        }
    }

    private void packQueries(Sequence sequence, int head, int firstQuery, int rows, float[] scratch) {
        float scale = form.scoreFactor(sequence, width);
        for (int column = 0; column < width; column += TileShape.PANEL) {
            int columns = Math.min(TileShape.PANEL, width - column), to = queries.at(0, column);
            TileRows.pack(scale, operands.q(), firstQuery, rows, head * width + column, columns, scratch, to);
        }
    }

    /** A whole sum over {@code depth}, block by block. */
    private void product(Tile kernel, ScoreStrip a, long b, int depth, int c, int cStride, float[] scratch) {
        long stripe = (long) depth * Lanes.BYTES;
        int first = Math.min(depth, TileShape.MAX_K);
        kernel.run(Tile.ZERO, 0, 0, scratch, a.start(), panels(), b, stripe, first, scratch, c, cStride);
        for (int k = TileShape.MAX_K; k < depth; k += TileShape.MAX_K) {
            int count = Math.min(TileShape.MAX_K, depth - k), block = a.at(0, k);
            long bBlock = b + (long) k * Lanes.BYTES;
            kernel.run(scratch, c, cStride, scratch, block, panels(), bBlock, stripe, count, scratch, c, cStride);
        }
    }
}
