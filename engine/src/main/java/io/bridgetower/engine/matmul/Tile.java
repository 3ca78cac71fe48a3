package io.bridgetower.engine.matmul;

import java.lang.foreign.MemorySegment;

/**
 * The micro-kernel: a block of {@code C = A·B + D} held in registers, up to {@link TileShape#MAX_ROWS} rows high and {@link
 * TileShape#PANEL} columns wide.
 *
 * <p>Every element of A·B is one chain of fused multiply-adds over k in ascending order, whatever the height of the tile,
 * so its bits depend on the operands alone.
 */
public interface Tile {
    /** A D of which every row is zero. */
    float[] ZERO = new float[TileShape.PANEL];

    /**
     * Computes one tile.
     *
     * @param d rows of D from index {@code dOffset} on, {@code dStride} floats apart: 0 where all rows are the same; may be C
     * @param a rows of A from index {@code aOffset} on, {@link TileShape#PITCH} floats apart, {@code k} floats each
     * @param b one panel of B: the first of its stripes from byte {@code bOffset} on, the others {@code bStripe} bytes
     *     apart; {@code k} vectors each
     * @param k length of the sum, at most {@link TileShape#MAX_K}
     * @param c where the tile is stored, from index {@code cOffset} on, rows {@code cStride} floats apart
     */
    void run(
            float[] d,
            int dOffset,
            int dStride,
            float[] a,
            int aOffset,
            MemorySegment b,
            long bOffset,
            long bStripe,
            int k,
            float[] c,
            int cOffset,
            int cStride);
}
