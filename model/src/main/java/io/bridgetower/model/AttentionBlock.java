package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.Epilogue;
import io.bridgetower.engine.LayerNorm;
import io.bridgetower.engine.Linear;
import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Workspace;

/**
 * BERT's attention with its output layer, {@code LN(x + dense(attention(x, context)))}: self-attention where the context
 * is x, cross-attention where it is the other modality.
 */
final class AttentionBlock {
    private final int heads;
    private final int hidden;
    private final Linear query;
    private final Linear keyValue;
    private final Linear dense;
    private final LayerNorm norm;

    AttentionBlock(Parameters parameters, BridgeTowerTextConfig config) throws MalformedFileException {
        heads = config.numAttentionHeads();
        hidden = config.hiddenSize();
        Parameters self = parameters.sub("self"), output = parameters.sub("output");
        query = self.linear("query", hidden, hidden);
        keyValue = self.linears(hidden, hidden, "key", "value");
        dense = output.linear("dense", hidden, hidden);
        norm = output.layerNorm("LayerNorm", hidden, config.layerNormEps());
    }

    /**
     * @param x rows that attend, [rows, hidden]
     * @param context rows attended to, [context rows, hidden]
     * @param y [rows, hidden]; not x
     */
    void forward(Workspace workspace, Matrix x, Matrix context, Attention.Sequence[] sequences, Matrix y) {
        long mark = workspace.mark();
        Matrix q = query.apply(workspace, x, Epilogue.NONE);
        Matrix kv = keyValue.apply(workspace, context, Epilogue.NONE);
        Matrix mixed = workspace.matrix(x.rows(), hidden);
        Attention.apply(workspace, heads, q, kv.columns(0, hidden), kv.columns(hidden, hidden), sequences, mixed);
        dense.apply(workspace, mixed, Epilogue.residual(x), y);
        norm.apply(workspace, y, y);
        workspace.release(mark);
    }
}
