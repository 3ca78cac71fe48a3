package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.Epilogue;
import io.bridgetower.engine.Linear;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Workspace;
import io.bridgetower.files.MalformedFileException;
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

    /**
     * @param self the block's parameters below {@code self}
     * @param keyValue the block's key and value projections
     * @param dense the block's output projection
     */
    FewKeysAttention(Parameters self, BridgeTowerTextConfig config, Linear keyValue, Linear dense)
            throws MalformedFileException {
        this.keyValue = keyValue;
        heads = config.numAttentionHeads();
        hidden = config.hiddenSize();
        form = new Attention.Form(heads, false, null, hidden / heads);
        queries = self.transposedHeads("query", heads, hidden);
        queryBias = self.array("query.bias", hidden);
        outputs = new Linear[heads];
        int width = hidden / heads;
        for (int i = 0; i < heads; i++) outputs[i] = dense.inputs(i * width, width, i == 0);
    }

    @Override
    public boolean pays(Attention.Sequence sequence, int tokens) {
        int keys = sequence.attended();
        return Attention.fitsFewKeys(heads, keys) && Operations.absorbs(keys, tokens, heads, hidden);
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
        Attention.toFewKeys(workspace, form, x, keys, values, route.sequences(), x, y, route.probabilities());
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
