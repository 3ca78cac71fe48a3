package io.bridgetower.engine.attention;

import io.bridgetower.engine.matmul.TileShape;

/**
 * Where the scores of a tile of queries lie in scratch memory: blocks of {@link TileShape#MAX_K} keys, one after the other, whose
 * rows are {@link TileShape#PITCH} floats apart.
 *
 * @param start index of the first score
 * @param height rows of a tile
 */
record ScoreStrip(int start, int height) {
    /** Where a score lies. */
    int at(int row, int key) {
        int block = key / TileShape.MAX_K;
        return start + (block * height + row) * TileShape.PITCH + key - block * TileShape.MAX_K;
    }

    /**
     * Where the sum of a row's exponentials is kept: behind the row's first block, in the room between rows. Those of the
     * rows are {@link TileShape#PITCH} floats apart.
     */
    int sum(int row) {
        return start + TileShape.MAX_K + row * TileShape.PITCH;
    }

    /** Floats of a strip of so many keys. */
    static int floats(int height, int keys) {
        return TileShape.blocks(keys) * height * TileShape.PITCH;
    }
}
