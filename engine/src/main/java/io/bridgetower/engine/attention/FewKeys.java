package io.bridgetower.engine.attention;

import io.bridgetower.engine.attention.Attention.Form;
import io.bridgetower.engine.attention.Attention.Operands;
import io.bridgetower.engine.attention.Attention.Probabilities;
import io.bridgetower.engine.attention.Attention.Sequence;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.FloatRows;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.matmul.Matmul;
import io.bridgetower.engine.matmul.Panels;
import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.matmul.Transpose;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The computation of {@link Attention#toFewKeys} for one sequence: two products with the softmax of every head's keys between
 * them, the columns of head after head side by side. Keys and values become the panels of two layers.
 */
final class FewKeys {
    /** Where the scores of a head are, for one row. */
    private static final ScoreStrip ROW = new ScoreStrip(0, 1);

    private final Form form;
    private final Sequence sequence;
    private final int keys;
    private final int columns;
    private final float factor;
    private final Linear scores;
    private final Linear context;

    /** Of this sequence alone; null to keep none. */
    private final Probabilities probabilities;

    private FewKeys(Workspace workspace, Form form, Operands operands, Sequence sequence, Probabilities probabilities) {
        Matrix keys = operands.k();
        this.form = form;
        this.sequence = sequence;
        this.keys = sequence.attended();
        this.columns = form.heads() * this.keys;
        this.factor = form.scoreFactor(sequence, form.divisor());
        this.probabilities = probabilities;
        int ofHead = keys.rows() / form.heads();
        int[] rows = new int[columns];
        for (int i = 0; i < columns; i++) rows[i] = i / this.keys * ofHead + sequence.keyRow(i % this.keys);
        scores = scores(workspace, keys, rows);
        context = context(workspace, operands.v(), rows);
    }

    static void run(
            Workspace workspace,
            Form form,
            Operands operands,
            Sequence sequence,
            Probabilities probabilities,
            Matrix residual,
            Matrix y) {
        long mark = workspace.mark();
        FewKeys call = new FewKeys(workspace, form, operands, sequence, probabilities);
        Matmul.multiply(
                workspace,
                operands.q(),
                call.scores,
                (rows, first) -> call.softmax(workspace, rows, first),
                call.context,
                Epilogue.residual(residual),
                y);
        workspace.release(mark);
    }

    private Linear scores(Workspace workspace, Matrix keys, int[] rows) {
        int in = keys.columns() - 1, panels = TileShape.panels(columns);
        float[] bias = new float[panels * TileShape.PANEL];
        long[] rowOffsets = new long[columns];
        for (int i = 0; i < columns; i++) {
            rowOffsets[i] = keys.rowOffset(rows[i]);
            bias[i] = keys.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, rowOffsets[i] + (long) in * Float.BYTES);
        }
        long bytes = in * TileShape.PANEL_BYTES, offset = workspace.take(TileShape.memoryOfPanels(panels * bytes));
        MemorySegment chunk = workspace.chunk();
        float[][] scratch =
                workspace.arrays(Math.min(panels, workspace.workers().threads()), Transpose.BLOCK);
        workspace.workers().run(panels, (slot, panel) -> {
            int first = panel * TileShape.PANEL;
            Transpose.panel(
                    keys.segment(), rowOffsets, 0, first, columns, in, scratch[slot], 0, chunk, offset + panel * bytes);
        });
        return Linear.of(in, columns, chunk.asSlice(offset, TileShape.memoryOfPanels(panels * bytes)), bias);
    }

    private Linear context(Workspace workspace, Matrix values, int[] rows) {
        int out = values.columns(), panels = TileShape.panels(out);
        long bytes = columns * TileShape.PANEL_BYTES, offset = workspace.take(TileShape.memoryOfPanels(panels * bytes));
        MemorySegment chunk = workspace.chunk();
        long[] rowOffsets = Arrays.stream(rows).mapToLong(values::rowOffset).toArray();
        workspace.workers().run(panels, (slot, panel) -> {
            int column = panel * TileShape.PANEL, width = Math.min(TileShape.PANEL, out - column);
            long from = (long) column * Float.BYTES;
            Panels.copy(values.segment(), rowOffsets, from, columns, width, chunk, offset + panel * bytes);
        });
        return Linear.of(
                columns,
                out,
                chunk.asSlice(offset, TileShape.memoryOfPanels(panels * bytes)),
                new float[panels * TileShape.PANEL]);
    }

    /** Turns the scores of rows, the first of which is {@code firstRow} of the sequence, into probabilities. */
    private void softmax(Workspace workspace, FloatRows rows, int firstRow) {
        int slots = Math.min(rows.tiles(), workspace.workers().threads());
        float[][] scratch = workspace.arrays(slots, TileShape.TILE_FLOATS);
        workspace.workers().run(rows.tiles(), (slot, tile) -> {
            int row = firstRow + rows.firstRow(tile);
            for (int r = 0; r < rows.rows(tile); r++) {
                softmax(rows.floats(), rows.at(tile, 0) + r * TileShape.PITCH, row + r, scratch[slot]);
            }
        });
    }

    private void softmax(float[] scores, int at, int row, float[] scratch) {
        for (int head = 0; head < form.heads(); head++) {
            int first = at + head * keys;
            System.arraycopy(scores, first, scratch, 0, keys);
            scale(factor, scratch);
            Softmax.exponentials(scratch, ROW, 1, keys);
            scale(1 / scratch[ROW.sum(0)], scratch);
            System.arraycopy(scratch, 0, scores, first, keys);
            if (probabilities != null) keep(scratch, kept().rowOffset(head * probabilities.stride() + row));
        }
    }

    /** In a plain loop: vector code is slow until it is compiled, and in a first call this is run often before. */
    private void scale(float factor, float[] scratch) {
        for (int i = 0; i < keys; i++) scratch[i] *= factor;
    }

    private void keep(float[] row, long at) {
        for (int key = 0; key < keys; key++) {
            long column = sequence.keyRow(key) - sequence.firstKey();
            kept().segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + column * Float.BYTES, row[key]);
        }
    }

    private Matrix kept() {
        return probabilities.sequences()[0];
    }
}
