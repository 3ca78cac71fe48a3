package io.bridgetower.model.layers;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.attention.RelativePositions;
import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.Route;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.PositionEmbeddingType;
import io.bridgetower.model.layers.absorbed.Absorption;
import io.bridgetower.model.runtime.Parameters;

/**
 * BERT's attention with its output layer, {@code LN(x + dense(attention(x, context)))}: self-attention where the context
 * is x, cross-attention where it is the other modality.
 */
public final class AttentionBlock {
    private final Attention.Form form;
    private final int hidden;
    private final Linear query;
    private final Linear keyValue;
    private final Linear dense;
    private final LayerNorm norm;

    /** Null for none. */
    private final Absorption absorption;

    /**
     * @param type how positions enter the scores
     * @param causal whether no row sees those after it
     */
    public AttentionBlock(
            Parameters parameters, BridgeTowerTextConfig config, PositionEmbeddingType type, boolean causal)
            throws MalformedFileException {
        this(parameters, config, type, causal, Absorption.Reach.ANY);
    }

    /** A block that is not causal. */
    public AttentionBlock(Parameters parameters, BridgeTowerTextConfig config, Absorption.Reach reach)
            throws MalformedFileException {
        this(parameters, config, config.positionEmbeddingType(), false, reach);
    }

    private AttentionBlock(
            Parameters parameters,
            BridgeTowerTextConfig config,
            PositionEmbeddingType type,
            boolean causal,
            Absorption.Reach reach)
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
        form = new Attention.Form(config.numAttentionHeads(), causal, relative).with(parameters.format());
        absorption = type == PositionEmbeddingType.ABSOLUTE
                ? Absorption.of(reach, self, config, new Absorption.Projections(query, keyValue, dense))
                : null;
    }

    /**
     * @param x rows that attend, [rows, hidden]
     * @param context rows attended to, [context rows, hidden]
     * @param y [rows, hidden]; not x
     */
    public void forward(Workspace workspace, Matrix x, Matrix context, Route route, Matrix y) {
        int items = route.sequences().length;
        for (int first = 0, end; first < items; first = end) {
            boolean absorbs = absorbs(route, first);
            end = first + 1;
            while (end < items && absorbs(route, end) == absorbs) end++;
            Matrix queries = route.queries(x, first, end), keys = route.keys(context, first, end);
            forward(workspace, absorbs, queries, keys, route.part(first, end), route.queries(y, first, end));
        }
    }

    private boolean absorbs(Route route, int item) {
        return absorption != null && absorption.isCheaper(route.sequences()[item], route.tokens()[item]);
    }

    private void forward(Workspace workspace, boolean absorbs, Matrix x, Matrix context, Route route, Matrix y) {
        long mark = workspace.mark();
        if (absorbs) {
            absorption.apply(workspace, x, context, route, y);
            norm.apply(workspace, y, y);
        } else {
            Matrix keyValues = keyValues(workspace, context);
            forwardCached(workspace, x, keyValues, route.pattern(), y);
        }
        workspace.release(mark);
    }

    /** Keys, then values, of rows to be attended to, [context rows, 2 · hidden], on the workspace. */
    Matrix keyValues(Workspace workspace, Matrix context) {
        return keyValue.apply(workspace, context, Epilogue.NONE);
    }

    /** As {@link #forward} with keys and values that are there already. */
    void forwardCached(Workspace workspace, Matrix x, Matrix keyValues, Attention.Pattern pattern, Matrix y) {
        long mark = workspace.mark();
        Matrix q = query.apply(workspace, x, Epilogue.NONE);
        Matrix k = keyValues.columns(0, hidden), v = keyValues.columns(hidden, hidden);
        Matrix mixed = workspace.matrix(x.rows(), hidden);
        Attention.apply(workspace, form, new Attention.Operands(q, k, v), pattern, mixed);
        dense.apply(workspace, mixed, Epilogue.residual(x), y);
        norm.apply(workspace, y, y);
        workspace.release(mark);
    }
}
