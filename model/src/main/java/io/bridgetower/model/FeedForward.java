package io.bridgetower.model;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.LayerNorm;
import io.bridgetower.engine.Linear;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Workspace;
import io.bridgetower.files.MalformedFileException;

/** BERT's feed-forward, {@code LN(x + dense(act(dense(x))))}. */
final class FeedForward {
    private final Linear intermediate;
    private final Linear output;
    private final LayerNorm norm;
    private final Activation activation;

    FeedForward(Parameters parameters, BridgeTowerTextConfig config) throws MalformedFileException {
        int hidden = config.hiddenSize();
        intermediate = parameters.linear("intermediate.dense", hidden, config.intermediateSize());
        output = parameters.linear("output.dense", config.intermediateSize(), hidden);
        norm = parameters.layerNorm("output.LayerNorm", hidden, config.layerNormEps());
        activation = config.hiddenAct();
    }

    /**
     * @param x [rows, hidden]
     * @param y [rows, hidden]; not x
     */
    void forward(Workspace workspace, Matrix x, Matrix y) {
        intermediate.feedForward(workspace, x, activation, output, x, y);
        norm.apply(workspace, y, y);
    }
}
