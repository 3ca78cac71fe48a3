package io.bridgetower.model.layers.absorbed;

import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.Route;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.runtime.Parameters;
import java.lang.foreign.ValueLayout;

/**
 * Many rows attend to few, and only those are projected. A head's score {@code (W_q x + b_q)·k} is
 * {@code (W_qᵀk)·x + b_q·k}, and its part of the output {@code Wₒ(Σ pv)} is {@code Σ p(Wₒv)}. So W_q goes to the keys and Wₒ
 * to the values, and the rows meet as many keys as there are tokens and heads, instead of two matrices of weights.
 */
final class FewKeysAttention implements Absorption {
    private final int heads;
    private final int hidden;
    private final Attention.Form form;
    private final Linear keyValue;
    private final Linear[] queries;
    private final float[] queryBias;

    /** The bias is that of the first head: the probabilities of its values, as of all, add up to one. */
    private final Linear[] outputs;

    FewKeysAttention(Parameters self, BridgeTowerTextConfig config, Projections projections)
            throws MalformedFileException {
        keyValue = projections.keyValue();
        heads = config.numAttentionHeads();
        hidden = config.hiddenSize();
        form = new Attention.Form(heads, false, null, hidden / heads);
        queries = self.transposedHeads("query", heads, hidden);
        queryBias = self.array("query.bias", hidden);
        outputs = new Linear[heads];
        int width = hidden / heads;
        for (int i = 0; i < heads; i++) outputs[i] = projections.dense().inputs(i * width, width, i == 0);
    }

    @Override
    public boolean isCheaper(Attention.Sequence sequence, int tokens) {
        int keys = sequence.attended();
        return Attention.fitsFewKeys(heads, keys) && AttentionCost.isAbsorbedCheaper(keys, tokens, heads, hidden);
    }

    @Override
    public void apply(Workspace workspace, Matrix x, Matrix context, Route route, Matrix y) {
        long mark = workspace.mark();
        int rows = context.rows(), width = hidden / heads;
        Matrix kv = keyValue.apply(workspace, context, Epilogue.NONE);
        Matrix keys = workspace.matrix(heads * rows, hidden + 1), values = workspace.matrix(heads * rows, hidden);
        for (int head = 0; head < heads; head++) {
            Matrix k = kv.columns(head * width, width), v = kv.columns(hidden + head * width, width);
            Matrix ofHead = keys.rows(head * rows, rows);
            queries[head].apply(workspace, k, Epilogue.NONE, ofHead.columns(0, hidden));
            addConstants(k, head * width, ofHead.columns(hidden, 1));
            outputs[head].apply(workspace, v, Epilogue.NONE, values.rows(head * rows, rows));
        }
        Attention.toFewKeys(workspace, form, new Attention.Operands(x, keys, values), route.pattern(), x, y);
        workspace.release(mark);
    }

    /** Writes {@code b_q·k}. */
    private void addConstants(Matrix k, int firstBias, Matrix constants) {
        for (int row = 0; row < k.rows(); row++) {
            float sum = 0;
            for (int i = 0; i < k.columns(); i++) {
                float key =
                        k.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, k.rowOffset(row) + (long) i * Float.BYTES);
                sum = Math.fma(queryBias[firstBias + i], key, sum);
            }
            constants.segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, constants.rowOffset(row), sum);
        }
    }
}
