package io.bridgetower.model.layers;

import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.PositionEmbeddingType;
import io.bridgetower.model.runtime.Parameters;

/**
 * One layer of the text tower: self-attention, in a decoder that has it cross-attention, then feed-forward, each followed
 * by its LayerNorm (RoBERTa).
 */
public final class TextLayer {
    private final AttentionBlock attention;
    private final AttentionBlock crossAttention;
    private final FeedForward feedForward;

    TextLayer(Parameters parameters, BridgeTowerTextConfig config) throws MalformedFileException {
        PositionEmbeddingType type = config.positionEmbeddingType();
        attention = new AttentionBlock(parameters.sub("attention"), config, type, config.isDecoder());
        crossAttention = config.addCrossAttention()
                ? new AttentionBlock(parameters.sub("crossattention"), config, PositionEmbeddingType.ABSOLUTE, false)
                : null;
        feedForward = new FeedForward(parameters, config);
    }

    /**
     * A layer that attends to its own rows only.
     *
     * @param x [rows, hidden]
     * @param y [rows, hidden]; not x
     */
    public void forward(Workspace workspace, Matrix x, Attention.Sequence[] sequences, Matrix y) {
        long mark = workspace.mark();
        forward(workspace, x, new Context(keyValues(workspace, x), Attention.Pattern.of(sequences), null, null), y);
        workspace.release(mark);
    }

    /**
     * The first row of every sequence of {@link #forward} alone, with the same bits, in a layer that is not causal.
     *
     * @param x [rows, hidden]
     * @param y [sequences, hidden]
     */
    void forwardFirst(Workspace workspace, Matrix x, Attention.Sequence[] sequences, Matrix y) {
        long mark = workspace.mark();
        Matrix firsts = workspace.matrix(sequences.length, x.columns());
        Attention.Sequence[] fromFirsts = new Attention.Sequence[sequences.length];
        for (int i = 0; i < sequences.length; i++) {
            Attention.Sequence s = sequences[i];
            Rows.copy(x, s.firstQuery(), firsts, i);
            fromFirsts[i] = new Attention.Sequence(i, 1, s.firstKey(), s.keys(), s.visible());
        }
        forward(
                workspace,
                firsts,
                new Context(keyValues(workspace, x), Attention.Pattern.of(fromFirsts), null, null),
                y);
        workspace.release(mark);
    }

    /** What a layer attends to, and where its probabilities go; null for no cross-attention. */
    public record Context(
            Matrix keyValues, Attention.Pattern pattern, Matrix crossKeyValues, Attention.Pattern crossPattern) {}

    /** Keys and values of the layer's own rows, on the workspace. */
    public Matrix keyValues(Workspace workspace, Matrix x) {
        return attention.keyValues(workspace, x);
    }

    /** Keys and values of an encoder's rows, on the workspace. */
    public Matrix crossKeyValues(Workspace workspace, Matrix encoder) {
        return crossAttention.keyValues(workspace, encoder);
    }

    /** As {@link #forward(Workspace, Matrix, Attention.Sequence[], Matrix)} with keys and values that are given. */
    public void forward(Workspace workspace, Matrix x, Context context, Matrix y) {
        long mark = workspace.mark();
        Matrix attended = workspace.matrix(x.rows(), x.columns());
        attention.forwardCached(workspace, x, context.keyValues(), context.pattern(), attended);
        if (context.crossKeyValues() != null) {
            Matrix crossed = workspace.matrix(x.rows(), x.columns());
            crossAttention.forwardCached(
                    workspace, attended, context.crossKeyValues(), context.crossPattern(), crossed);
            attended = crossed;
        }
        feedForward.forward(workspace, attended, y);
        workspace.release(mark);
    }
}
