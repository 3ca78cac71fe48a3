package io.bridgetower.model.layers;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.runtime.Parameters;

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
    public void forward(Workspace workspace, Matrix x, Matrix y) {
        intermediate.feedForward(workspace, x, activation, output, x, y);
        norm.apply(workspace, y, y);
    }
}
