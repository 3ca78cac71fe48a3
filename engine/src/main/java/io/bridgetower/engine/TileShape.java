package io.bridgetower.engine;

/**
 * The block sizes of every matrix product, in one place.
 *
 * <p>A tile keeps rows × 2 accumulators, two vectors of B and one broadcast element of A in registers: 13 rows with 32
 * registers, 6 with 16. (With 14 rows C2 keeps one accumulator on the stack, and measured slower by a hundredth.) That is one load for every two multiply-adds or better, and enough independent chains to hide
 * the latency of the multiply-add.
 */
final class TileShape {
    /** Vectors across a tile. */
    static final int VECTORS = 2;

    /** Columns of a tile and of a panel of B. */
    static final int PANEL = VECTORS * VectorWidth.LANES;

    /** Bytes in one row of a panel. */
    static final long PANEL_BYTES = (long) PANEL * Float.BYTES;

    /** The highest tile. */
    static final int MAX_ROWS = VectorWidth.REGISTERS == 32 ? 13 : 6;

    /**
     * The longest sum of one tile call. A's rows for it (13 × 3 KB) stream from the second-level cache beside B's panel;
     * shorter blocks would fit in the first level but load and store C more often, and measured slower.
     */
    static final int MAX_K = 768;

    /**
     * Floats from one row of packed A to the next, a constant so that the rows of a tile are immediate offsets from one
     * register; an odd number of cache lines, so that they fall into different sets.
     */
    static final int PITCH = MAX_K + 16;

    /** Floats of one packed tile of A. */
    static final int TILE_FLOATS = MAX_ROWS * PITCH;

    private TileShape() {}

    /** How many tiles cover {@code rows} rows. */
    static int tiles(int rows) {
        return (rows + MAX_ROWS - 1) / MAX_ROWS;
    }

    /**
     * First row of one tile when {@code rows} rows are shared out evenly, so that heights differ by one at the most and
     * no tile is a sliver. Tile {@code tiles} starts where the rows end.
     */
    static int firstRow(int rows, int tiles, int tile) {
        int base = rows / tiles, extra = rows % tiles;
        return tile * base + Math.min(tile, extra);
    }

    /** How many blocks of at most {@link #MAX_K} make up a sum over {@code k}. */
    static int blocks(int k) {
        return Math.max(1, (k + MAX_K - 1) / MAX_K);
    }

    /** Panels that cover {@code columns} columns. */
    static int panels(int columns) {
        return (columns + PANEL - 1) / PANEL;
    }
}
