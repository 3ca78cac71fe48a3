package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Workspace;

/** One cross-modal layer of one side: self-attention, cross-attention to the other side, feed-forward. */
final class CrossModalLayer {
    private final AttentionBlock attention;
    private final AttentionBlock crossAttention;
    private final FeedForward feedForward;

    CrossModalLayer(Parameters parameters, BridgeTowerTextConfig config) throws MalformedFileException {
        attention = new AttentionBlock(parameters.sub("attention"), config);
        crossAttention = new AttentionBlock(parameters.sub("crossattention"), config);
        feedForward = new FeedForward(parameters, config);
    }

    /**
     * @param x rows to compute, [rows, hidden]
     * @param all all rows of this side; x itself, or what x is a selection of
     * @param self which rows of x attend to which of {@code all}
     * @param other rows of the other side
     * @param cross which rows of x attend to which of {@code other}
     * @param y [rows, hidden]; not x
     */
    void forward(
            Workspace workspace,
            Matrix x,
            Matrix all,
            Attention.Sequence[] self,
            Matrix other,
            Attention.Sequence[] cross,
            Matrix y) {
        long mark = workspace.mark();
        Matrix attended = workspace.matrix(x.rows(), x.columns()), crossed = workspace.matrix(x.rows(), x.columns());
        attention.forward(workspace, x, all, self, attended);
        crossAttention.forward(workspace, attended, other, cross, crossed);
        feedForward.forward(workspace, crossed, y);
        workspace.release(mark);
    }
}
