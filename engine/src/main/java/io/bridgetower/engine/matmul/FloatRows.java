package io.bridgetower.engine.matmul;

import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The rows of {@link FloatPanels}. Each block of a tile lies by itself, {@link TileShape#PITCH} floats from one row to the next.
 */
public final class FloatRows extends PackedRows {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final float[] floats;
    private final int tiles;
    private final int blocks;

    /** First column of each block, and the number of columns. */
    private final int[] blockStarts;

    /** The rows to be packed; null if these are computed instead. */
    private final Matrix source;

    /** For each block of each tile, 1 if it is packed. */
    private final AtomicIntegerArray packed;

    private FloatRows(float[] floats, int rows, int columns, Matrix source) {
        super(rows, columns);
        this.floats = floats;
        this.source = source;
        tiles = TileShape.tiles(rows);
        blocks = TileShape.blocks(columns);
        blockStarts = new int[blocks + 1];
        Arrays.setAll(blockStarts, block -> TileShape.blockStart(columns, block));
        packed = new AtomicIntegerArray(source == null ? 0 : tiles * blocks);
    }

    /** See {@link PanelFormat#rows}. */
    static FloatRows in(Workspace workspace, int use, int rows, int columns, Matrix source) {
        int length = TileShape.tiles(rows) * TileShape.blocks(columns) * TileShape.TILE_FLOATS;
        return new FloatRows(workspace.packed(use, length), rows, columns, source);
    }

    public float[] floats() {
        return floats;
    }

    @Override
    public int tiles() {
        return tiles;
    }

    @Override
    int blocks() {
        return blocks;
    }

    /** Where a block of a tile starts. */
    public int at(int tile, int block) {
        return (block * tiles + tile) * TileShape.TILE_FLOATS;
    }

    @Override
    public int firstRow(int tile) {
        return TileShape.firstRow(rows(), tile);
    }

    @Override
    public int rows(int tile) {
        return Math.min(TileShape.height(rows(), tile), rows() - firstRow(tile));
    }

    /**
     * Packs a block of a tile, unless that is done. Threads that meet it at the same time both do so rather than wait for
     * one that the system may hold up: they write the same bits.
     */
    void need(int tile, int block) {
        if (source == null) return;
        int index = block * tiles + tile;
        if (packed.getAcquire(index) != 0) return;
        pack(tile, block);
        packed.setRelease(index, 1);
    }

    private void pack(int tile, int block) {
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
