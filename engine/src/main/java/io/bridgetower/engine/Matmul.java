package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The product behind {@link Linear}, in the loops of the BLIS framework (van Zee and van de Geijn, 2015), from the
 * outside in:
 *
 * <ul>
 *   <li>ic: blocks of rows that are packed together and stay in the second-level cache,
 *   <li>jc: groups of panels, so that there is work for every thread,
 *   <li>pc: blocks of the sum that one tile call covers,
 *   <li>jr: pairs of panels of the group, each read from memory once,
 *   <li>ir: the tiles of the row block.
 * </ul>
 *
 * ic × jc are the tasks. Which task computes an element changes nothing about how it is summed, so the result has the
 * same bits for any number of threads and any other rows in the batch.
 */
final class Matmul {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Tiles of a row block: 169 rows × 3 KB are half of a 1 MB second-level cache. */
    private static final int TILES_PER_BLOCK = 169 / TileShape.MAX_ROWS;

    /**
     * Panels that a tile of rows meets before the next tile does, while it is near and rows of y are written further: worth
     * two hundredths over one, and the same as more.
     */
    private static final int PANELS_TOGETHER = 2;

    /** Tasks for each thread, so that one held up by the system does not hold up all; more cost more packing. */
    private static final int TASKS_PER_THREAD = 4;

    private final float[][] scratch;
    private final Matrix x;
    private final Linear linear;
    private final Epilogue epilogue;
    private final Matrix y;
    private final int tiles;
    private final int rowBlocks;
    private final int panels;
    private final int panelGroups;
    private final int tilesPerBlock;

    /** For each slot one more than the row block whose rows were last packed there. */
    private final int[] packedBlock;

    private Matmul(Workspace workspace, Matrix x, Linear linear, Epilogue epilogue, Matrix y) {
        this.x = x;
        this.linear = linear;
        this.epilogue = epilogue;
        this.y = y;
        tiles = TileShape.tiles(x.rows());
        rowBlocks = (tiles + TILES_PER_BLOCK - 1) / TILES_PER_BLOCK;
        tilesPerBlock = (tiles + rowBlocks - 1) / rowBlocks;
        panels = TileShape.panels(linear.out());
        int threads = workspace.workers().threads();
        panelGroups = Math.min(panels, panelGroups(threads));
        int slots = Math.min(threads, rowBlocks * panelGroups);
        packedBlock = new int[slots];
        scratch = workspace.arrays(
                slots, tilesPerBlock * TileShape.TILE_FLOATS + 2 * TileShape.MAX_ROWS * TileShape.PANEL);
    }

    static void multiply(Workspace workspace, Matrix x, Linear linear, Epilogue epilogue, Matrix y) {
        if (x.rows() == 0 || linear.out() == 0) return;
        Matmul product = new Matmul(workspace, x, linear, epilogue, y);
        workspace.workers().run(product.rowBlocks * product.panelGroups, product::task);
    }

    /** Enough groups for all threads, and as many tasks for one as for another. */
    private int panelGroups(int threads) {
        if (threads == 1) return 1;
        int groups = (TASKS_PER_THREAD * threads + rowBlocks - 1) / rowBlocks;
        while (rowBlocks * groups % threads != 0) groups++;
        return groups;
    }

    private void task(int slot, int task) {
        int rowBlock = task / panelGroups, group = task % panelGroups;
        int firstTile = rowBlock * tilesPerBlock, lastTile = Math.min(tiles, firstTile + tilesPerBlock);
        int firstPanel = TileShape.start(panels, panelGroups, group);
        int lastPanel = TileShape.start(panels, panelGroups, group + 1);
        float[] packed = scratch[slot];
        int blocks = TileShape.blocks(linear.in());
        for (int block = 0; block < blocks; block++) {
            int firstK = TileShape.start(linear.in(), blocks, block);
            int k = TileShape.start(linear.in(), blocks, block + 1) - firstK;
            boolean packedBefore = blocks == 1 && packedBlock[slot] == rowBlock + 1;
            for (int tile = firstTile; tile < lastTile && !packedBefore; tile++) {
                packRows(tile, firstK, k, packed, (tile - firstTile) * TileShape.TILE_FLOATS);
            }
            packedBlock[slot] = rowBlock + 1;
            for (int first = firstPanel; first < lastPanel; first += PANELS_TOGETHER) {
                int end = Math.min(lastPanel, first + PANELS_TOGETHER);
                for (int tile = firstTile; tile < lastTile; tile++) {
                    int a = (tile - firstTile) * TileShape.TILE_FLOATS;
                    for (int panel = first; panel < end; panel++) tile(tile, panel, firstK, k, packed, a);
                }
            }
        }
    }

    private void packRows(int tile, int firstK, int k, float[] packed, int at) {
        int row = TileShape.firstRow(x.rows(), tile), end = row + rows(tile);
        for (; row < end; row++, at += TileShape.PITCH) {
            long from = x.rowOffset(row) + (long) firstK * Float.BYTES;
            MemorySegment.copy(x.segment(), FLOAT, from, packed, at, k);
        }
    }

    private void tile(int tile, int panel, int firstK, int k, float[] packed, int a) {
        int row = TileShape.firstRow(x.rows(), tile);
        int column = panel * TileShape.PANEL;
        int columns = Math.min(TileShape.PANEL, linear.out() - column);
        int c = tilesPerBlock * TileShape.TILE_FLOATS;
        long b = ((long) panel * linear.in() + firstK)
                * TileShape.PANEL
                * linear.precision().bytes();
        boolean first = firstK == 0, last = firstK + k == linear.in();
        float[] start = first ? linear.bias() : Tile.ZERO;
        TileCompiler.tile(linear.precision(), TileShape.height(x.rows(), tile))
                .run(start, first ? column : 0, packed, a, linear.panels(), b, k, packed, c, TileShape.PANEL);
        epilogue.apply(packed, c, rows(tile), y, row, column, columns, first, last);
    }

    /** Rows of a tile that there are. */
    private int rows(int tile) {
        return Math.min(TileShape.height(x.rows(), tile), x.rows() - TileShape.firstRow(x.rows(), tile));
    }
}
