package io.bridgetower.engine.matmul;

import io.bridgetower.engine.bf16.Strips;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The rows of {@link PairPanels}: strips, of which each block of the sum lies by itself, behind those of the blocks before. */
final class PairRows extends PackedRows {
    /** Floats that packing takes in scratch memory. */
    static final int SCRATCH = PairPanels.BLOCK_STEPS * Strips.DEPTH;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final MemorySegment memory;
    private final long offset;
    private final int parts;

    private PairRows(MemorySegment memory, long offset, int parts, int rows, int columns, Matrix source) {
        super(rows, columns, Math.ceilDiv(rows, PairPanels.HEIGHT), PairPanels.blocks(columns), source);
        this.memory = memory;
        this.offset = offset;
        this.parts = parts;
    }

    /** See {@link PanelFormat#rows}; they stay until the workspace is released. */
    static PairRows in(Workspace workspace, int parts, int rows, int columns, Matrix source) {
        long strip = Strips.steps(columns) * Strips.aStepBytes(parts);
        long offset = workspace.take(Math.ceilDiv(rows, PairPanels.HEIGHT) * strip);
        return new PairRows(workspace.chunk(), offset, parts, rows, columns, source);
    }

    MemorySegment memory() {
        return memory;
    }

    @Override
    public int firstRow(int tile) {
        return tile * PairPanels.HEIGHT;
    }

    @Override
    public int rows(int tile) {
        return Math.min(PairPanels.HEIGHT, rows() - firstRow(tile));
    }

    /** Bytes from one tile to the next in a block. */
    long tileBytes(int block) {
        return PairPanels.steps(columns(), block) * Strips.aStepBytes(parts);
    }

    /** Where a block of a tile starts, in bytes. */
    long at(int tile, int block) {
        return offset
                + (long) block * tiles() * PairPanels.BLOCK_STEPS * Strips.aStepBytes(parts)
                + tile * tileBytes(block);
    }

    /** Takes {@link #SCRATCH} floats of scratch memory. */
    @Override
    void pack(Matrix source, int tile, int block, float[] scratch, int at) {
        int firstColumn = block * SCRATCH, steps = PairPanels.steps(columns(), block);
        int count = Math.min(columns() - firstColumn, steps * Strips.DEPTH), rows = rows(tile);
        for (int row = 0; row < rows; row++) {
            long from = source.rowOffset(firstRow(tile) + row) + (long) firstColumn * Float.BYTES;
            MemorySegment.copy(source.segment(), FLOAT, from, scratch, at, count);
            Arrays.fill(scratch, at + count, at + steps * Strips.DEPTH, 0);
            Strips.packRow(scratch, at, steps, parts, memory, at(tile, block) + Strips.rowOffset(row));
        }
    }

    /** Columns beyond the last are zero in a product, as their weights and biases are, and after every activation. */
    @Override
    void put(float[] values, int at, int tile, int count, int column) {
        int firstStep = column / Strips.DEPTH, block = firstStep / PairPanels.BLOCK_STEPS;
        int step = firstStep - block * PairPanels.BLOCK_STEPS;
        int steps = Math.min(TileShape.PANEL / Strips.DEPTH, PairPanels.steps(columns(), block) - step);
        long to = at(tile, block) + step * Strips.aStepBytes(parts);
        for (int row = 0; row < count; row++) {
            Strips.packRow(values, at + row * TileShape.PANEL, steps, parts, memory, to + Strips.rowOffset(row));
        }
    }
}
