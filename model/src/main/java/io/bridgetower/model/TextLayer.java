package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Workspace;

/** One layer of the text tower: self-attention, then feed-forward, each followed by its LayerNorm (RoBERTa). */
final class TextLayer {
    private final AttentionBlock attention;
    private final FeedForward feedForward;

    TextLayer(Parameters parameters, BridgeTowerTextConfig config) throws MalformedFileException {
        attention = new AttentionBlock(parameters.sub("attention"), config);
        feedForward = new FeedForward(parameters, config);
    }

    /**
     * @param x [rows, hidden]
     * @param y [rows, hidden]; not x
     */
    void forward(Workspace workspace, Matrix x, Attention.Sequence[] sequences, Matrix y) {
        long mark = workspace.mark();
        Matrix attended = workspace.matrix(x.rows(), x.columns());
        attention.forward(workspace, x, x, sequences, attended);
        feedForward.forward(workspace, attended, y);
        workspace.release(mark);
    }
}
