package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.batch.Confinement;
import io.bridgetower.model.layers.MaskedLMHead;
import io.bridgetower.model.outputs.LogitsConsumer;
import io.bridgetower.model.runtime.Results;
import java.lang.foreign.Arena;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Computes logits from text features, a block of tokens at a time: the logits of a token take 65 times the memory of its
 * features in the base model.
 */
final class MaskedLMRows {
    /** Rows computed together: enough that reading the vocabulary's weight takes less time than computing. */
    private static final int BLOCK = 64;

    private final Head<MaskedLMHead> head;

    MaskedLMRows(Head<MaskedLMHead> head) {
        this.head = head;
    }

    /**
     * The features of what is still to come, and the logits of the first block.
     *
     * @param rest null for nothing
     */
    private record Begun(Tensor rest, float[][] logits) {}

    /**
     * Computes features, and from them logits, which are handed over between computations: the model is free meanwhile.
     *
     * @param features of the tokens, those of all pairs one under the other
     * @param tokens of each pair
     */
    <X extends Exception> void stream(Function<Workspace, Matrix> features, int[][] tokens, LogitsConsumer<X> consumer)
            throws X {
        try (Arena own = Arena.ofConfined()) {
            Begun begun = begin(features, own);
            float[][] block = begun.logits();
            int first = 0, row = 0;
            for (int pair = 0; pair < tokens.length; pair++) {
                for (int token : tokens[pair]) {
                    if (row - first == block.length) {
                        first = row;
                        block = next(begun.rest(), row - BLOCK);
                    }
                    float[] logits = block[row - first];
                    // Nothing of this block is kept here when the next one is computed.
                    block[row++ - first] = null;
                    consumer.accept(pair, token, logits);
                }
            }
        }
    }

    /** Computes the features, and the logits of the first block. */
    private Begun begin(Function<Workspace, Matrix> features, Arena arena) {
        try (var computation = head.begin()) {
            Workspace workspace = computation.workspace();
            Matrix x = features.apply(workspace);
            int count = Math.min(BLOCK, x.rows());
            Tensor rest = count == x.rows() ? null : copy(arena, x.rows(count, x.rows() - count));
            return new Begun(rest, logits(workspace, x.rows(0, count)));
        }
    }

    /** Computes logits and keeps those of all tokens. */
    static float[][][] collect(int[][] tokens, Consumer<LogitsConsumer<RuntimeException>> stream) {
        float[][][] collected = new float[tokens.length][][];
        int[] taken = new int[tokens.length];
        for (int i = 0; i < tokens.length; i++) collected[i] = new float[tokens[i].length][];
        stream.accept((pair, token, logits) -> collected[pair][taken[pair]++] = logits);
        return collected;
    }

    /**
     * Computes the logits of all tokens into an arena of the caller.
     *
     * @param features of the tokens, those of all texts one under the other
     * @param tokens of each text
     * @param longest tokens of the longest text
     */
    Tensor tensor(Arena arena, Workspace workspace, Matrix features, int[][] tokens, int longest) {
        Tensor logits =
                Results.zeros(arena, tokens.length, longest, head.parameters().vocabulary());
        int start = 0;
        for (int text = 0; text < tokens.length; start += tokens[text++].length) {
            Matrix x = features.rows(start, tokens[text].length);
            Matrix y = Matrix.of(logits.slice(text, 1)).rows(0, x.rows());
            if (Confinement.isConfined(logits)) copyLogits(workspace, x, y);
            else head.parameters().forward(workspace, x, y);
        }
        return logits;
    }

    private void copyLogits(Workspace workspace, Matrix x, Matrix y) {
        for (int first = 0; first < x.rows(); first += BLOCK) {
            long mark = workspace.mark();
            Matrix block = x.rows(first, Math.min(BLOCK, x.rows() - first));
            Matrix logits = workspace.matrix(block.rows(), y.columns());
            head.parameters().forward(workspace, block, logits);
            for (int row = 0; row < block.rows(); row++) Rows.copy(logits, row, y, first + row);
            workspace.release(mark);
        }
    }

    private float[][] next(Tensor rest, int first) {
        try (var computation = head.begin()) {
            Workspace workspace = computation.workspace();
            Tensor block = rest.slice(first, Math.min(BLOCK, rest.dim(0) - first));
            return logits(workspace, Matrix.of(Confinement.readable(workspace, block)));
        }
    }

    private float[][] logits(Workspace workspace, Matrix features) {
        Matrix logits = workspace.matrix(features.rows(), head.parameters().vocabulary());
        head.parameters().forward(workspace, features, logits);
        float[][] rows = new float[features.rows()][];
        for (int i = 0; i < rows.length; i++) rows[i] = logits.rows(i, 1).toArray();
        return rows;
    }

    private static Tensor copy(Arena arena, Matrix rows) {
        Tensor copy = Tensor.allocate(arena, rows.rows(), rows.columns());
        Matrix to = Matrix.of(copy);
        for (int row = 0; row < rows.rows(); row++) Rows.copy(rows, row, to, row);
        return copy;
    }
}
