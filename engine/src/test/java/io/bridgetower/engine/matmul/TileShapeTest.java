package io.bridgetower.engine.matmul;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TileShapeTest {
    private static final int MANY = 1200;

    @Test
    void tilesFollowOneAnotherAndTheLastReachesTheEnd() {
        for (int rows = 0; rows <= MANY; rows++) {
            int tiles = TileShape.tiles(rows), next = 0;
            for (int tile = 0; tile < tiles; tile++) {
                assertEquals(next, TileShape.firstRow(rows, tile));
                assertTrue(next < rows, "a tile of no rows");
                next += TileShape.height(rows, tile);
            }
            assertTrue(next >= rows, rows + " rows, " + next + " covered");
        }
    }

    @Test
    void noOtherTilesCoverTheRowsWithLessWork() {
        for (int rows = 1; rows <= MANY; rows++) {
            int tiles = TileShape.tiles(rows), last = tiles - 1;
            int covered = TileShape.firstRow(rows, last) + TileShape.height(rows, last);
            assertEquals(leastWork(rows), 2 * covered + tiles, rows + " rows");
        }
    }

    /** Twice the rows that are computed, and one for every tile, over all mixtures of the two heights. */
    private static int leastWork(int rows) {
        int least = Integer.MAX_VALUE;
        for (int full = 0; full <= rows / TileShape.MAX_ROWS + 1; full++) {
            int parts = Math.ceilDiv(Math.max(0, rows - full * TileShape.MAX_ROWS), TileShape.PART_ROWS);
            least = Math.min(least, 2 * (full * TileShape.MAX_ROWS + parts * TileShape.PART_ROWS) + full + parts);
        }
        return least;
    }
}
