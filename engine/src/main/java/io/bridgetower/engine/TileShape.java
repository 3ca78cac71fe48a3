package io.bridgetower.engine;

/**
 * The block sizes of every matrix product, in one place.
 *
 * <p>A tile keeps rows × vectors accumulators, a row of B and one broadcast element of A in registers, in enough
 * independent chains to hide the latency of the multiply-add. With 32 registers of 512 bits, 13 × 2 measured best: 0.91 of
 * the peak, and twice as fast for one row as 6 × 4. (With 14 rows C2 keeps an accumulator on the stack.) With 32 of 256 bits
 * 6 × 4 did, 0.90 instead of 0.75: panels of half the width would make A stream from the second-level cache twice as
 * often. With 16 registers there is room for 6 × 2, if C2 is kept from filling them: see {@link #rowsLoadedTogether}.
 */
final class TileShape {
    /** Vectors across a tile; even, for {@link WeightPrecision#BF16} pairs them. */
    static final int VECTORS = VectorWidth.REGISTERS == 32 && VectorWidth.LANES < 16 ? 4 : 2;

    /** Columns of a tile and of a panel of B. */
    static final int PANEL = VECTORS * VectorWidth.LANES;

    /** Bytes in one row of a panel. */
    static final long PANEL_BYTES = (long) PANEL * Float.BYTES;

    /** The highest tile. */
    static final int MAX_ROWS = VectorWidth.REGISTERS == 32 && VECTORS == 2 ? 13 : 6;

    /**
     * Height of the other tiles: two heights are enough, and each costs the JIT compiler half a second. A tile may be
     * higher than the rows that are left, and computes some that nobody reads. One of fewer than 8 accumulators is no
     * faster than one of 8, for want of independent multiply-adds, and 8 themselves reach 0.9 of what 12 do. Heights of 6
     * and 5 cover 16 rows and every number from 20 on exactly.
     */
    static final int PART_ROWS = VectorWidth.REGISTERS == 32 ? Math.max(MAX_ROWS / 3, 8 / VECTORS) : MAX_ROWS - 1;

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

    /** Floats of one computed tile, whose rows lie {@link #PANEL} floats apart. */
    static final int SUM_FLOATS = MAX_ROWS * PANEL;

    private static final int[] FULL_TILES = fullTiles();

    private TileShape() {}

    /**
     * Steps of the sum in one turn of the tile's loop. Counting, addresses and branches are 10 of the 30 instructions of a
     * step of 6 × 2; in turns of two steps, 8.5 of 28.5. Alone on its core the tile is at the peak with either. Beside a
     * busy hyperthread, which takes half of the places for instructions, turns of two steps are 1.15 times as fast; four
     * would be 1.05 times as fast again, but take the JIT compiler another half second for each tile. Where weights are
     * widened, two steps are no faster than one.
     */
    static int steps(WeightPrecision precision) {
        return VectorWidth.REGISTERS == 16 && precision == WeightPrecision.F32 ? 2 : 1;
    }

    /**
     * Rows of a tile whose loads C2 may move to the front; the next ones are behind a branch. In one piece of straight code
     * it loads the elements of A for all rows before the first multiply-add. Of 16 registers, the sums and a row of B leave
     * room for 2 in a tile of 6 rows, for 4 in one of 5; where weights are widened, which takes registers too, 2 are as fast.
     * Where all 6 were loaded, two sums went through the stack in every step, which left 0.40 of the peak; behind branches
     * it is 0.97.
     */
    static int rowsLoadedTogether(WeightPrecision precision, int rows) {
        if (VectorWidth.REGISTERS == 32) return rows;
        return precision == WeightPrecision.F32 ? VectorWidth.REGISTERS - VECTORS * (rows + 1) : 2;
    }

    /** How many tiles cover {@code rows} rows: full ones first. */
    static int tiles(int rows) {
        int full = fullTiles(rows);
        return full + partTiles(rows, full);
    }

    /** Where a tile of {@code rows} rows starts; {@code tiles(rows)} starts at their end or beyond. */
    static int firstRow(int rows, int tile) {
        int full = Math.min(tile, fullTiles(rows));
        return full * MAX_ROWS + (tile - full) * PART_ROWS;
    }

    /** How high a tile of {@code rows} rows is. It may reach beyond the last row. */
    static int height(int rows, int tile) {
        return tile < fullTiles(rows) ? MAX_ROWS : PART_ROWS;
    }

    /** Beyond {@link #PART_ROWS} full tiles, one more covers {@link #MAX_ROWS} rows more. */
    private static int fullTiles(int rows) {
        int more = Math.max(0, rows / MAX_ROWS - PART_ROWS);
        return more + FULL_TILES[rows - more * MAX_ROWS];
    }

    /** For numbers of rows, how many of the tiles that cover them are full: those of the least work, a call as half a row. */
    private static int[] fullTiles() {
        int[] best = new int[(PART_ROWS + 1) * MAX_ROWS];
        for (int rows = 0; rows < best.length; rows++) {
            int least = Integer.MAX_VALUE;
            for (int full = (rows + MAX_ROWS - 1) / MAX_ROWS; full >= 0; full--) {
                int parts = partTiles(rows, full);
                int work = 2 * (full * MAX_ROWS + parts * PART_ROWS) + full + parts;
                if (work < least) {
                    least = work;
                    best[rows] = full;
                }
            }
        }
        return best;
    }

    /** Tiles of {@link #PART_ROWS} that cover what full ones leave over. */
    private static int partTiles(int rows, int full) {
        return (Math.max(0, rows - full * MAX_ROWS) + PART_ROWS - 1) / PART_ROWS;
    }

    /** Where one of {@code parts} parts starts when {@code count} things are shared out evenly; part {@code parts} is the end. */
    static int start(int count, int parts, int part) {
        return part * (count / parts) + Math.min(part, count % parts);
    }

    /** How many blocks of at most {@link #MAX_K} make up a sum over {@code k}. */
    static int blocks(int k) {
        return Math.max(1, (k + MAX_K - 1) / MAX_K);
    }

    /** Where a block of a sum over {@code k} starts: at a whole panel, or, as the one behind the last, at {@code k}. */
    static int blockStart(int k, int block) {
        return Math.min(k, start(panels(k), blocks(k), block) * PANEL);
    }

    /** Panels that cover {@code columns} columns. */
    static int panels(int columns) {
        return (columns + PANEL - 1) / PANEL;
    }
}
