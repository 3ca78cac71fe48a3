package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.Epilogue;
import io.bridgetower.engine.LayerNorm;
import io.bridgetower.engine.Linear;
import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.RelativePositions;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.Workspace;

/**
 * BERT's attention with its output layer, {@code LN(x + dense(attention(x, context)))}: self-attention where the context
 * is x, cross-attention where it is the other modality.
 */
final class AttentionBlock {
    private final Attention.Form form;
    private final int hidden;
    private final Linear query;
    private final Linear keyValue;
    private final Linear dense;
    private final LayerNorm norm;

    /**
     * @param type how positions enter the scores
     * @param causal whether no row sees those after it
     */
    AttentionBlock(Parameters parameters, BridgeTowerTextConfig config, PositionEmbeddingType type, boolean causal)
            throws MalformedFileException {
        hidden = config.hiddenSize();
        Parameters self = parameters.sub("self"), output = parameters.sub("output");
        query = self.linear("query", hidden, hidden);
        keyValue = self.linears(hidden, hidden, "key", "value");
        dense = output.linear("dense", hidden, hidden);
        norm = output.layerNorm("LayerNorm", hidden, config.layerNormEps());
        RelativePositions relative = null;
        if (type != PositionEmbeddingType.ABSOLUTE) {
            Tensor distances = self.tensor(
                    "distance_embedding.weight",
                    2 * config.maxPositionEmbeddings() - 1,
                    hidden / config.numAttentionHeads());
            relative = RelativePositions.of(self.arena(), distances, type == PositionEmbeddingType.RELATIVE_KEY_QUERY);
        }
        form = new Attention.Form(config.numAttentionHeads(), causal, relative);
    }

    /**
     * @param x rows that attend, [rows, hidden]
     * @param context rows attended to, [context rows, hidden]
     * @param y [rows, hidden]; not x
     * @param probabilities filled; null to keep none
     */
    void forward(
            Workspace workspace,
            Matrix x,
            Matrix context,
            Attention.Sequence[] sequences,
            Matrix y,
            Attention.Probabilities probabilities) {
        long mark = workspace.mark();
        forwardCached(workspace, x, keyValues(workspace, context), sequences, y, probabilities);
        workspace.release(mark);
    }

    /** Keys, then values, of rows to be attended to, [context rows, 2 · hidden], on the workspace. */
    Matrix keyValues(Workspace workspace, Matrix context) {
        return keyValue.apply(workspace, context, Epilogue.NONE);
    }

    /** As {@link #forward} with keys and values that are there already. */
    void forwardCached(
            Workspace workspace,
            Matrix x,
            Matrix keyValues,
            Attention.Sequence[] sequences,
            Matrix y,
            Attention.Probabilities probabilities) {
        long mark = workspace.mark();
        Matrix q = query.apply(workspace, x, Epilogue.NONE);
        Matrix k = keyValues.columns(0, hidden), v = keyValues.columns(hidden, hidden);
        Matrix mixed = workspace.matrix(x.rows(), hidden);
        Attention.apply(workspace, form, q, k, v, sequences, mixed, probabilities);
        dense.apply(workspace, mixed, Epilogue.residual(x), y);
        norm.apply(workspace, y, y);
        workspace.release(mark);
    }
}
