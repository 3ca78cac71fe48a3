package io.bridgetower.engine.matmul;

import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The rows of {@link FloatPanels}. Each block of a tile lies by itself, {@link TileShape#PITCH} floats from one row to the next.
 */
public final class FloatRows extends PackedRows {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final float[] floats;

    /** First column of each block, and the number of columns. */
    private final int[] blockStarts;

    private FloatRows(float[] floats, int rows, int columns, Matrix source) {
        super(rows, columns, TileShape.tiles(rows), TileShape.blocks(columns), source);
        this.floats = floats;
        blockStarts = new int[blocks() + 1];
        Arrays.setAll(blockStarts, block -> TileShape.blockStart(columns, block));
    }

    /** See {@link PanelFormat#rows}. */
    static FloatRows in(Workspace workspace, int use, int rows, int columns, Matrix source) {
        int length = TileShape.tiles(rows) * TileShape.blocks(columns) * TileShape.TILE_FLOATS;
        return new FloatRows(workspace.packed(use, length), rows, columns, source);
    }

    public float[] floats() {
        return floats;
    }

    /** Where a block of a tile starts. */
    public int at(int tile, int block) {
        return (block * tiles() + tile) * TileShape.TILE_FLOATS;
    }

    @Override
    public int firstRow(int tile) {
        return TileShape.firstRow(rows(), tile);
    }

    @Override
    public int rows(int tile) {
        return Math.min(TileShape.height(rows(), tile), rows() - firstRow(tile));
    }

    @Override
    void pack(Matrix source, int tile, int block, float[] scratch, int scratchAt) {
        int firstRow = firstRow(tile), end = firstRow + rows(tile);
        int firstColumn = blockStarts[block], count = blockStarts[block + 1] - firstColumn;
        for (int row = firstRow, at = at(tile, block); row < end; row++, at += TileShape.PITCH) {
            long from = source.rowOffset(row) + (long) firstColumn * Float.BYTES;
            MemorySegment.copy(source.segment(), FLOAT, from, floats, at, count);
        }
    }

    @Override
    void put(float[] values, int at, int tile, int count, int column) {
        int block = 0;
        while (blockStarts[block + 1] <= column) block++;
        TileRows.copy(values, at, count, floats, at(tile, block) + column - blockStarts[block]);
    }
}
