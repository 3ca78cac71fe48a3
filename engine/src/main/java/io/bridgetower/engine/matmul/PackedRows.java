package io.bridgetower.engine.matmul;

import io.bridgetower.engine.runtime.Matrix;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The left-hand side of a product as a format's kernel reads it: tiles of rows, in blocks of the sum. */
public abstract sealed class PackedRows permits FloatRows, PairRows {
    private final int rows;
    private final int columns;
    private final int tiles;
    private final int blocks;

    /** The rows to be packed; null if these are computed instead. */
    private final Matrix source;

    /** For each block of each tile, 1 if it is packed. */
    private final AtomicIntegerArray packed;

    PackedRows(int rows, int columns, int tiles, int blocks, Matrix source) {
        this.rows = rows;
        this.columns = columns;
        this.tiles = tiles;
        this.blocks = blocks;
        this.source = source;
        packed = new AtomicIntegerArray(source == null ? 0 : tiles * blocks);
    }

    public final int rows() {
        return rows;
    }

    final int columns() {
        return columns;
    }

    /** Tiles of rows. */
    public final int tiles() {
        return tiles;
    }

    /** Blocks of columns, which one call of the kernel sums up. */
    final int blocks() {
        return blocks;
    }

    /** The first row of a tile. */
    public abstract int firstRow(int tile);

    /** Rows of a tile that there are. */
    public abstract int rows(int tile);

    /**
     * Packs a block of a tile, unless that is done. Threads that meet it at the same time both do so rather than wait for
     * one that the system may hold up: they write the same bits.
     *
     * @param scratch a format may overwrite some of it from an index on
     */
    final void need(int tile, int block, float[] scratch, int at) {
        if (source == null) return;
        int index = block * tiles + tile;
        if (packed.getAcquire(index) != 0) return;
        pack(source, tile, block, scratch, at);
        packed.setRelease(index, 1);
    }

    /** Packs a block of a tile of the source. */
    abstract void pack(Matrix source, int tile, int block, float[] scratch, int at);

    /**
     * Writes a panel's width of a tile.
     *
     * @param values {@link TileShape#PANEL} floats of each row, without gaps, from an index on; may be changed
     * @param count rows of the tile that there are
     * @param column a multiple of {@link TileShape#PANEL}
     */
    abstract void put(float[] values, int at, int tile, int count, int column);
}
