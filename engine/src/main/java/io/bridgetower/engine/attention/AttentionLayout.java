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
        return ScoreStrip.floats(TileShape.MAX_ROWS, width);
    }

    int context() {
        return strip() + ScoreStrip.floats(TileShape.MAX_ROWS, keys);
    }

    int block() {
        return context() + TileShape.SUM_FLOATS;
    }

    int floats() {
        return block() + Transpose.BLOCK;
    }
}
