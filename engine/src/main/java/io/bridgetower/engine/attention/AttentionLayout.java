package io.bridgetower.engine.attention;

import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.matmul.Transpose;

/**
 * The parts of a thread's scratch memory in an {@link Attention}: panels of keys and of values, in bytes off the heap;
 * packed queries, strip of scores, a panel of context rows, one of a part of a sum, and a block to transpose in, in
 * floats on it.
 */
record AttentionLayout(int width, int keys) {
    long keyPanel() {
        return width * TileShape.PANEL_BYTES;
    }

    long valuePanel() {
        return keys * TileShape.PANEL_BYTES;
    }

    long valuePanels() {
        return TileShape.panels(keys) * keyPanel();
    }

    long bytes() {
        return valuePanels() + TileShape.panels(width) * valuePanel();
    }

    int strip() {
        return stripBlocks(width) * TileShape.TILE_FLOATS;
    }

    int context() {
        return strip() + stripBlocks(keys) * TileShape.TILE_FLOATS;
    }

    int block() {
        return context() + TileShape.SUM_FLOATS;
    }

    int floats() {
        return block() + Transpose.BLOCK;
    }

    private static int stripBlocks(int depth) {
        return (depth + TileShape.MAX_K - 1) / TileShape.MAX_K;
    }

    /** Where element (row, column) of a packed tile lies, whose blocks of columns lie one after the other. */
    static int packed(int row, int column) {
        int block = column / TileShape.MAX_K;
        return block * TileShape.TILE_FLOATS + row * TileShape.PITCH + column - block * TileShape.MAX_K;
    }
}
