package io.bridgetower.model;

import io.bridgetower.engine.Matrix;

/**
 * An image as the cross-modal layers read it: for each of them, the vision tower's output carried over its bridge. It
 * depends on the image alone, so one encoding serves any number of texts.
 *
 * <p>A value; made by {@link BridgeTowerModel#encodeImages} and read by {@link
 * BridgeTowerModel#fuse}. Its memory is freed when it is no longer reachable.
 */
public final class ImageEncoding {
    private final Matrix[] stages;
    private final Matrix first;

    /**
     * @param stages for each cross-modal layer [tokens, hidden]
     * @param first the vision tower's last output for the class token, after its final LayerNorm, [1, vision hidden]
     */
    ImageEncoding(Matrix[] stages, Matrix first) {
        this.stages = stages;
        this.first = first;
    }

    /** Number of tokens: the class token and every patch. */
    public int tokens() {
        return stages[0].rows();
    }

    /** Bytes of memory off the heap. */
    public long byteSize() {
        return ((long) stages.length * stages[0].rows() * stages[0].columns() + first.columns()) * Float.BYTES;
    }

    Matrix stage(int layer) {
        return stages[layer];
    }

    Matrix first() {
        return first;
    }
}
