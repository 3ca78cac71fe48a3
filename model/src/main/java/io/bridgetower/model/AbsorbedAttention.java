package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.Epilogue;
import io.bridgetower.engine.Linear;
import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Workspace;
import java.util.Arrays;

/**
 * Attention of few rows to many that projects the few only. A head's score {@code q·(Wₖx + bₖ)} is {@code (Wₖᵀq)·x} and a
 * summand that is the same for all x, which softmax does not see; its weighted sum {@code Σ p(Wᵥx + bᵥ)} is
 * {@code Wᵥ(Σ px) + bᵥ}, as the p add up to one. So Wₖ goes to the queries and Wᵥ to the sums, and all heads attend to the
 * rows x themselves, which are as wide as all heads together. (DeepSeek-V2, arXiv 2405.04434, section 2.1.2, says that the
 * one weight absorbs the other.)
 */
final class AbsorbedAttention {
    private final int heads;
    private final int hidden;
    private final Attention.Form form;
    private final Linear[] keys;
    private final Linear[] values;

    AbsorbedAttention(Parameters self, BridgeTowerTextConfig config) throws MalformedFileException {
        heads = config.numAttentionHeads();
        hidden = config.hiddenSize();
        form = new Attention.Form(1, false, null, hidden / heads);
        keys = self.transposedHeads("key", heads, hidden);
        values = self.heads("value", heads, hidden);
    }

    /**
     * Whether this is the way to compute a sequence.
     *
     * @param tokens queries without padding
     */
    boolean pays(Attention.Sequence sequence, int tokens) {
        return sequence.visible() == null && Operations.absorbs(tokens, sequence.keys(), heads, hidden);
    }

    /**
     * Computes the context rows of all sequences.
     *
     * @param q [rows, hidden]
     * @param x rows attended to, [context rows, hidden]
     * @param out [rows, hidden]
     */
    void apply(Workspace workspace, Matrix q, Matrix x, Route route, Matrix out) {
        long mark = workspace.mark();
        int width = hidden / heads;
        Matrix queries = workspace.matrix(q.rows() * heads, hidden), sums = workspace.matrix(q.rows() * heads, hidden);
        for (int head = 0; head < heads; head++) {
            Matrix of = q.columns(head * width, width);
            keys[head].apply(workspace, of, Epilogue.NONE, queries.everyRow(head, heads));
        }
        Attention.Sequence[] sequences = Arrays.stream(route.sequences())
                .map(s -> new Attention.Sequence(
                        s.firstQuery() * heads, s.queries() * heads, s.firstKey(), s.keys(), null))
                .toArray(Attention.Sequence[]::new);
        Attention.Probabilities rows = route.probabilities() == null ? null : rows(workspace, sequences);
        Attention.apply(workspace, form, queries, x, x, sequences, sums, rows);
        if (rows != null) sort(rows, route.probabilities());
        for (int head = 0; head < heads; head++) {
            Matrix of = out.columns(head * width, width);
            values[head].apply(workspace, sums.everyRow(head, heads), Epilogue.NONE, of);
        }
        workspace.release(mark);
    }

    private static Attention.Probabilities rows(Workspace workspace, Attention.Sequence[] sequences) {
        return new Attention.Probabilities(
                Arrays.stream(sequences)
                        .map(sequence -> workspace.matrix(sequence.queries(), sequence.keys()))
                        .toArray(Matrix[]::new),
                0);
    }

    /** From a row per query and head to a row per head and query. */
    private void sort(Attention.Probabilities from, Attention.Probabilities to) {
        for (int i = 0; i < from.sequences().length; i++) {
            Matrix rows = from.sequences()[i], all = to.sequences()[i].columns(0, rows.columns());
            for (int row = 0; row < rows.rows(); row++) {
                Rows.copy(rows, row, all, row % heads * to.stride() + row / heads);
            }
        }
    }
}
