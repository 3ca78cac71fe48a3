package io.bridgetower.engine.attention;

import io.bridgetower.engine.attention.Attention.Form;
import io.bridgetower.engine.attention.Attention.Operands;
import io.bridgetower.engine.attention.Attention.Pattern;
import io.bridgetower.engine.attention.Attention.Sequence;
import io.bridgetower.engine.bf16.Bf16Kernel;
import io.bridgetower.engine.bf16.Bf16Kernel.Operand;
import io.bridgetower.engine.bf16.Bf16Kernel.Window;
import io.bridgetower.engine.bf16.Split;
import io.bridgetower.engine.bf16.Strips;
import io.bridgetower.engine.matmul.PairPanels;
import io.bridgetower.engine.matmul.Panels;
import io.bridgetower.engine.matmul.Tile;
import io.bridgetower.engine.matmul.TileRows;
import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.matmul.Transpose;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Attention whose products are of 16 bits: scores of queries and keys, and of exponentials, before they are divided by their
 * sum, and values.
 */
final class PairAttention extends AttentionCall {
    private static final int STRIPS = PairPanels.STRIPS;

    private final Split split;
    private final Bf16Kernel kernel;

    /** Steps of the sums over a head's width and over the keys, for the longest sequence. */
    private final int widthSteps, mostKeySteps;

    private final ScoreStrip strip = new ScoreStrip(0, Strips.ROWS);

    /** Parts of scratch memory behind the scores. */
    private final int context, block;

    /** For each slot, a panel of floats on its way to pairs, and a strip of queries and one of exponentials. */
    private final MemorySegment memory;

    private final long memoryOffset, panelBytes, queryBytes, slotBytes;

    PairAttention(Workspace workspace, Form form, Operands operands, Pattern pattern, Matrix out) {
        super(workspace, form, operands, pattern, pattern.sequences(), out);
        PairPanels format = (PairPanels) form.format();
        split = format.split();
        kernel = format.kernel();
        widthSteps = Strips.steps(width);
        mostKeySteps = Strips.steps(mostKeys);
        context = ScoreStrip.floats(Strips.ROWS, mostKeys);
        block = context + Strips.ROWS * TileShape.PANEL;
        panelBytes = Math.max(width, Strips.DEPTH) * TileShape.PANEL_BYTES;
        queryBytes = widthSteps * Strips.aStepBytes(split.aParts());
        slotBytes = panelBytes + queryBytes + mostKeySteps * Strips.aStepBytes(split.aParts());
        memoryOffset = workspace.take(slots() * slotBytes);
        memory = workspace.chunk();
    }

    /** Whether attention of this form can have such products: without relative positions, in heads of whole steps. */
    static boolean fits(Form form, Operands operands) {
        return form.format() instanceof PairPanels
                && form.relative() == null
                && operands.q().columns() / form.heads() % Strips.DEPTH == 0;
    }

    private long keyStripBytes() {
        return widthSteps * Strips.bStepBytes(split.bParts());
    }

    private long valueStripBytes(int keySteps) {
        return keySteps * Strips.bStepBytes(split.bParts());
    }

    private long valuesOffset() {
        return TileShape.panels(mostKeys) * STRIPS * keyStripBytes();
    }

    @Override
    long headBytes() {
        return valuesOffset() + TileShape.panels(width) * STRIPS * valueStripBytes(mostKeySteps);
    }

    @Override
    int scratchFloats() {
        return block + Transpose.BLOCK;
    }

    @Override
    int tiles(int queries) {
        return Math.ceilDiv(queries, Strips.ROWS);
    }

    @Override
    void packKeys(int slot, int sequence, int head, int panel, long base, float[] scratch) {
        long floats = memoryOffset + slot * slotBytes;
        transposeKeys(sequence, head, panel, scratch, block, memory, floats);
        packPanel(floats, width, base + panel * STRIPS * keyStripBytes(), keyStripBytes());
    }

    @Override
    void packValues(int slot, int sequence, int head, int panel, long base) {
        int column = panel * TileShape.PANEL, columns = Math.min(TileShape.PANEL, width - column);
        int keys = sequences[sequence].attended(), steps = Strips.steps(keys);
        long floats = memoryOffset + slot * slotBytes, from = (long) (head * width + column) * Float.BYTES;
        long to = base + valuesOffset() + panel * STRIPS * valueStripBytes(steps);
        for (int step = 0; step < steps; step++) {
            int first = step * Strips.DEPTH, rows = Math.min(Strips.DEPTH, keys - first);
            if (rows < Strips.DEPTH)
                memory.asSlice(floats, Strips.DEPTH * TileShape.PANEL_BYTES).fill((byte) 0);
            Panels.copy(
                    operands.v().segment(),
                    valueOffsets[sequence],
                    first,
                    from,
                    rows,
                    columns,
                    memory,
                    floats,
                    Strips.DEPTH);
            packPanel(floats, Strips.DEPTH, to + step * Strips.bStepBytes(split.bParts()), valueStripBytes(steps));
        }
    }

    /** Packs rows of a panel of floats into its strips, {@code stripBytes} apart. */
    private void packPanel(long floats, int rows, long to, long stripBytes) {
        long stripe = (long) rows * Lanes.BYTES;
        for (int strip = 0; strip < STRIPS; strip++) {
            for (int tile = 0; tile < Strips.TILES; tile++) {
                int column = strip * Strips.COLUMNS + tile * Strips.TILE_COLUMNS;
                Strips.packTile(
                        memory,
                        floats + Panels.offset(rows, 0, column),
                        stripe,
                        rows / Strips.DEPTH,
                        split.bParts(),
                        panels(),
                        to + strip * stripBytes + Strips.tileOffset(tile));
            }
        }
    }

    @Override
    void attend(int slot, int index, int head, int tile, long base, float[] scratch) {
        Sequence sequence = sequences[index];
        int first = tile * Strips.ROWS, rows = Math.min(Strips.ROWS, sequence.queries() - first);
        int keys = sequence.attended(), keySteps = Strips.steps(keys), position = form.firstPosition(sequence) + first;
        long queries = memoryOffset + slot * slotBytes + panelBytes, weights = queries + queryBytes;
        packQueries(sequence, head, sequence.firstQuery() + first, rows, queries, scratch);
        scores(rows, keys, queries, base, scratch);
        exponentials(sequence, form.causal() && !sequence.isFullyMasked(), position, rows, scratch, strip);
        keep(index, head, first, rows, scratch, strip);
        packWeights(rows, keys, weights, scratch);
        for (int panel = 0; panel < TileShape.panels(width); panel++) {
            int column = panel * TileShape.PANEL, columns = Math.min(TileShape.PANEL, width - column);
            long values = base + valuesOffset() + panel * STRIPS * valueStripBytes(keySteps);
            kernel.run(
                    new Operand(memory, weights, 0),
                    new Operand(panels(), values, valueStripBytes(keySteps)),
                    new Window(Tile.ZERO, 0, 0, 0),
                    new Window(scratch, context, TileShape.PANEL, Strips.COLUMNS),
                    keySteps,
                    rows,
                    STRIPS);
            int row = sequence.firstQuery() + first, to = head * width + column;
            TileRows.storeQuotients(scratch, context, strip.sum(0), rows, out, row, to, columns);
        }
    }

    private void packQueries(Sequence sequence, int head, int firstQuery, int rows, long to, float[] scratch) {
        float scale = form.scoreFactor(sequence, width);
        for (int column = 0; column < width; column += TileShape.PANEL) {
            int columns = Math.min(TileShape.PANEL, width - column);
            TileRows.pack(scale, operands.q(), firstQuery, rows, head * width + column, columns, scratch, column);
        }
        for (int row = 0; row < rows; row++) {
            int at = row * TileShape.PITCH;
            Strips.packRow(scratch, at, widthSteps, split.aParts(), memory, to + Strips.rowOffset(row));
        }
    }

    private void scores(int rows, int keys, long queries, long base, float[] scratch) {
        for (int key = 0; key < keys; key += TileShape.MAX_K) {
            int strips = Math.ceilDiv(Math.min(keys - key, TileShape.MAX_K), Strips.COLUMNS);
            kernel.run(
                    new Operand(memory, queries, 0),
                    new Operand(panels(), base + key / Strips.COLUMNS * keyStripBytes(), keyStripBytes()),
                    new Window(Tile.ZERO, 0, 0, 0),
                    new Window(scratch, strip.at(0, key), TileShape.PITCH, Strips.COLUMNS),
                    widthSteps,
                    rows,
                    strips);
        }
    }

    /** Packs exponentials, and zeros up to a whole step: what lies there may be no number. */
    private void packWeights(int rows, int keys, long to, float[] scratch) {
        long step = Strips.aStepBytes(split.aParts());
        for (int row = 0; row < rows; row++) {
            for (int key = 0; key < keys; key += TileShape.MAX_K) {
                int count = Math.min(keys - key, TileShape.MAX_K), steps = Strips.steps(count);
                int from = strip.at(row, key);
                Arrays.fill(scratch, from + count, from + steps * Strips.DEPTH, 0);
                long at = to + key / Strips.DEPTH * step + Strips.rowOffset(row);
                Strips.packRow(scratch, from, steps, split.aParts(), memory, at);
            }
        }
    }
}
