package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The left-hand side of a product as the micro-kernel reads it: tiles of rows, of which each block of the sum lies by
 * itself, {@link TileShape#PITCH} floats from one row to the next.
 */
final class PackedRows {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final float[] floats;
    private final int rows;
    private final int columns;
    private final int tiles;
    private final int blocks;

    /** First column of each block, and the number of columns. */
    private final int[] blockStarts;

    private PackedRows(float[] floats, int rows, int columns) {
        this.floats = floats;
        this.rows = rows;
        this.columns = columns;
        tiles = TileShape.tiles(rows);
        blocks = TileShape.blocks(columns);
        blockStarts = new int[blocks + 1];
        Arrays.setAll(blockStarts, block -> TileShape.blockStart(columns, block));
    }

    /**
     * Rows without values yet.
     *
     * @param use which of the workspace's arrays holds them: those that are used at the same time need two
     */
    static PackedRows in(Workspace workspace, int use, int rows, int columns) {
        int length = TileShape.tiles(rows) * TileShape.blocks(columns) * TileShape.TILE_FLOATS;
        return new PackedRows(workspace.packed(use, length), rows, columns);
    }

    float[] floats() {
        return floats;
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    /** Tiles of rows. */
    int tiles() {
        return tiles;
    }

    /** Blocks of columns. */
    int blocks() {
        return blocks;
    }

    /** Where a block of a tile starts. */
    int at(int tile, int block) {
        return (block * tiles + tile) * TileShape.TILE_FLOATS;
    }

    /** Rows of a tile that there are. */
    int rows(int tile) {
        return Math.min(TileShape.height(rows, tile), rows - TileShape.firstRow(rows, tile));
    }

    /** Packs a block of a tile of {@code x}, which has the shape of these rows. */
    void pack(Matrix x, int tile, int block) {
        int firstRow = TileShape.firstRow(rows, tile), end = firstRow + rows(tile);
        int firstColumn = blockStarts[block], count = blockStarts[block + 1] - firstColumn;
        for (int row = firstRow, at = at(tile, block); row < end; row++, at += TileShape.PITCH) {
            long from = x.rowOffset(row) + (long) firstColumn * Float.BYTES;
            MemorySegment.copy(x.segment(), FLOAT, from, floats, at, count);
        }
    }

    /**
     * Writes a panel's width of a tile.
     *
     * @param values {@link TileShape#PANEL} floats of each row, without gaps
     * @param count rows of the tile that there are
     * @param column a multiple of {@link TileShape#PANEL}
     */
    void put(float[] values, int tile, int count, int column) {
        int block = 0;
        while (blockStarts[block + 1] <= column) block++;
        TileRows.copy(values, count, floats, at(tile, block) + column - blockStarts[block]);
    }
}
