package io.bridgetower.engine.matmul;

import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.vector.Lanes;

/**
 * The block sizes of every matrix product, in one place.
 *
 * <p>A tile keeps rows × vectors accumulators, a row of B and one broadcast element of A in registers, in enough
 * independent chains to hide the latency of the multiply-add: 6 × 4 with 32 registers, 6 × 2 with 16, if C2 is kept from
 * filling them: see {@link FloatPanels#rowsLoadedTogether}.
 *
 * <p>A panel of B is as wide as a tile and lies in memory stripe by stripe: each stripe is a vector wide and as long as the
 * sum, and the tile reads all of them side by side. A processor fetches memory ahead of a reader, but only so many lines
 * (20 on Intel's) of each page that is being read; from four stripes it fetches four times as many.
 *
 * <p>The figures behind the constants are in docs/performance.md, under "Constants".
 */
public final class TileShape {
    /** Vectors across a tile; even, for {@link FloatPanels#BF16} pairs them. */
    public static final int VECTORS = Lanes.PANEL_VECTORS;

    /** Columns of a tile and of a panel of B. */
    public static final int PANEL = VECTORS * Lanes.COUNT;

    /** Bytes in one row of a panel. */
    public static final long PANEL_BYTES = (long) PANEL * Float.BYTES;

    /** The highest tile. */
    public static final int MAX_ROWS = 6;

    /**
     * Height of the other tiles: two heights are enough, and each costs the JIT compiler half a second. A tile may be
     * higher than the rows that are left, and computes some that are never read; a lower one would be hardly faster, for want
     * of independent multiply-adds. Heights of 6 and 5 cover 16 rows and every number from 20 on exactly.
     */
    public static final int PART_ROWS = 5;

    /**
     * The longest sum of one tile call. A's rows for it (6 × 3 KB) stay in the first-level cache while B's panels stream
     * through it; shorter blocks load and store C more often, and measured slower.
     */
    public static final int MAX_K = 768;

    /**
     * Floats from one row of packed A to the next, a constant so that the rows of a tile are immediate offsets from one
     * register; an odd number of cache lines, so that they fall into different sets.
     */
    public static final int PITCH = MAX_K + 16;

    /** Floats of one packed tile of A. */
    public static final int TILE_FLOATS = MAX_ROWS * PITCH;

    /** Floats of one computed tile, whose rows lie {@link #PANEL} floats apart. */
    public static final int SUM_FLOATS = MAX_ROWS * PANEL;

    private static final int[] FULL_TILES = fullTiles();

    private TileShape() {}

    /**
     * Memory for panels of so many bytes: a vector lies behind the last one, which is never read. C2 checks the bounds of
     * all steps of a tile's loop before it, among them the step after an odd sum. Where that one would lie outside the
     * memory, the compiled tile is thrown away, and the first image waits seconds for another.
     */
    public static long memoryOfPanels(long bytes) {
        return bytes + Lanes.BYTES;
    }

    /** How many tiles cover {@code rows} rows: full ones first. */
    public static int tiles(int rows) {
        int full = fullTiles(rows);
        return full + partTiles(rows, full);
    }

    /** Where a tile of {@code rows} rows starts; {@code tiles(rows)} starts at their end or beyond. */
    public static int firstRow(int rows, int tile) {
        int full = Math.min(tile, fullTiles(rows));
        return full * MAX_ROWS + (tile - full) * PART_ROWS;
    }

    /** How high a tile of {@code rows} rows is. It may reach beyond the last row. */
    public static int height(int rows, int tile) {
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

    /** How many blocks of at most {@link #MAX_K} make up a sum over {@code k}. */
    public static int blocks(int k) {
        return Math.max(1, (k + MAX_K - 1) / MAX_K);
    }

    /** Where a block of a sum over {@code k} starts: at a whole panel, or, as the one behind the last, at {@code k}. */
    static int blockStart(int k, int block) {
        return Math.min(k, Workers.start(panels(k), blocks(k), block) * PANEL);
    }

    /** Panels that cover {@code columns} columns. */
    public static int panels(int columns) {
        return (columns + PANEL - 1) / PANEL;
    }
}
