package io.bridgetower.model;

import io.bridgetower.engine.Matrix;

/**
 * An image as the cross-modal layers read it: for each of them, the vision tower's output carried over its bridge. It
 * depends on the image alone, so one encoding serves any number of texts.
 *
 * <p>A value without methods of its own; made by {@link BridgeTowerModel#encodeImages} and read by {@link
 * BridgeTowerModel#fuse}. Its memory is freed when it is no longer reachable.
 */
public final class ImageEncoding {
    private final Matrix[] stages;

    /** @param stages for each cross-modal layer [tokens, hidden] */
    ImageEncoding(Matrix[] stages) {
        this.stages = stages;
    }

    /** Number of tokens: the class token and every patch. */
    public int tokens() {
        return stages[0].rows();
    }

    /** Bytes of memory off the heap. */
    public long byteSize() {
        return (long) stages.length * stages[0].rows() * stages[0].columns() * Float.BYTES;
    }

    Matrix stage(int layer) {
        return stages[layer];
    }
}
