package io.bridgetower.model;

import io.bridgetower.engine.Matrix;

/**
 * A text as the cross-modal layers read it: for each of them, the text tower's output carried over its bridge. It
 * depends on the text alone, so one encoding serves any number of images.
 *
 * <p>A value; made by {@link BridgeTowerModel#encodeTexts} and read by {@link
 * BridgeTowerModel#fuse}. Its memory is freed when it is no longer reachable.
 */
public final class TextEncoding {
    private final Matrix[] stages;
    private final Matrix first;
    private final int[] visible;

    /**
     * @param stages for each cross-modal layer [rows, hidden]
     * @param first the text tower's last output for the first token, [1, hidden]
     * @param visible rows that may be attended to; null for all
     */
    TextEncoding(Matrix[] stages, Matrix first, int[] visible) {
        this.stages = stages;
        this.first = first;
        this.visible = visible;
    }

    /** Number of tokens, those that only fill up a batch included where the encoding was asked to keep them. */
    public int tokens() {
        return stages[0].rows();
    }

    /** Bytes of memory off the heap. */
    public long byteSize() {
        return ((long) stages.length * stages[0].rows() + 1) * stages[0].columns() * Float.BYTES;
    }

    Matrix stage(int layer) {
        return stages[layer];
    }

    Matrix first() {
        return first;
    }

    int[] visible() {
        return visible;
    }
}
