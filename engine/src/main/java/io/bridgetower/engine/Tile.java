package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;

/**
 * The micro-kernel: a block of {@code C = A·B} held in registers, up to {@link TileShape#MAX_ROWS} rows high and {@link
 * TileShape#PANEL} columns wide.
 *
 * <p>Every element is one chain of fused multiply-adds from where it starts over k in ascending order, whatever the height
 * of the tile, so its bits depend on the operands alone.
 */
interface Tile {
    /** A start for sums without a bias. */
    float[] ZERO = new float[TileShape.PANEL];

    /**
     * Computes one tile.
     *
     * @param start what the sums of each column start from, {@link TileShape#PANEL} floats from index {@code startAt} on
     * @param a rows of A from index {@code aOffset} on, {@link TileShape#PITCH} floats apart, {@code k} floats each
     * @param b one panel of B from byte {@code bOffset} on: {@code k} rows of {@link TileShape#PANEL} floats without gaps
     * @param k length of the sum, at most {@link TileShape#MAX_K}
     * @param c where the tile is stored, from index {@code cOffset} on, rows {@code cStride} floats apart
     */
    void run(
            float[] start,
            int startAt,
            float[] a,
            int aOffset,
            MemorySegment b,
            long bOffset,
            int k,
            float[] c,
            int cOffset,
            int cStride);
}
