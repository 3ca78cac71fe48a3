package io.bridgetower.model.layers;

import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.Route;
import io.bridgetower.model.batch.Routes;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.layers.absorbed.Absorption;
import io.bridgetower.model.runtime.Parameters;

/** One cross-modal layer of one side: self-attention, cross-attention to the other side, feed-forward. */
final class CrossModalLayer {
    private final AttentionBlock attention;
    private final AttentionBlock crossAttention;
    private final FeedForward feedForward;

    /**
     * @param self from rows of this side to this side
     * @param cross from rows of this side to the other side
     */
    CrossModalLayer(Parameters parameters, BridgeTowerTextConfig config, Absorption.Reach self, Absorption.Reach cross)
            throws MalformedFileException {
        attention = new AttentionBlock(parameters.sub("attention"), config, self);
        crossAttention = new AttentionBlock(parameters.sub("crossattention"), config, cross);
        feedForward = new FeedForward(parameters, config);
    }

    /**
     * @param x rows to compute, [rows, hidden]
     * @param all all rows of this side; x itself, or what x is a selection of
     * @param other rows of the other side
     * @param y [rows, hidden]; not x
     */
    public void forward(Workspace workspace, Matrix x, Matrix all, Matrix other, Routes routes, Matrix y) {
        long mark = workspace.mark();
        Matrix attended = workspace.matrix(x.rows(), x.columns());
        attend(workspace, x, all, routes.self(), attended);
        forwardAttended(workspace, attended, other, routes.cross(), y);
        workspace.release(mark);
    }

    /** The part of {@link #forward} that reads this side alone, the self-attention; otherwise as that. */
    void attend(Workspace workspace, Matrix x, Matrix all, Route self, Matrix y) {
        attention.forward(workspace, x, all, self, y);
    }

    /** The rest of {@link #forward}, on what {@link #attend} has computed. */
    void forwardAttended(Workspace workspace, Matrix attended, Matrix other, Route cross, Matrix y) {
        long mark = workspace.mark();
        Matrix crossed = workspace.matrix(attended.rows(), attended.columns());
        crossAttention.forward(workspace, attended, other, cross, crossed);
        feedForward.forward(workspace, crossed, y);
        workspace.release(mark);
    }
}
