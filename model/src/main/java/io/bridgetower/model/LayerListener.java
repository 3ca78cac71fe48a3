package io.bridgetower.model;

import io.bridgetower.engine.Matrix;

/** Is shown what the layers of a tower put out, one after the other. */
@FunctionalInterface
interface LayerListener {
    /**
     * @param layer 0 for the embeddings, i for the i-th layer's output
     * @param x [rows, hidden]; reused after the call
     */
    void output(int layer, Matrix x);
}
