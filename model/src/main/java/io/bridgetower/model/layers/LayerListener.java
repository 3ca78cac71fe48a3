package io.bridgetower.model.layers;

import io.bridgetower.engine.runtime.Matrix;

/** Is shown what the layers of a tower put out, one after the other. */
@FunctionalInterface
public interface LayerListener {
    /**
     * @param layer 0 for the embeddings, i for the i-th layer's output
     * @param x [rows, hidden]; reused after the call
     */
    void output(int layer, Matrix x);
}
