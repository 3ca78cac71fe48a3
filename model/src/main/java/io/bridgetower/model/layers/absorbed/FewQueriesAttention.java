package io.bridgetower.model.layers.absorbed;

import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.Route;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.runtime.Parameters;
import java.util.Arrays;

/**
 * Few rows attend to many, and only they are projected. A head's score {@code q·(Wₖx + bₖ)} is {@code (Wₖᵀq)·x} and a summand
 * that is the same for all x, which softmax does not see; its weighted sum {@code Σ p(Wᵥx + bᵥ)} is {@code Wᵥ(Σ px) + bᵥ}, as
 * the p add up to one. So Wₖ goes to the queries and Wᵥ to the sums, and all heads attend to the rows x themselves, which are
 * as wide as all heads together.
 */
final class FewQueriesAttention implements Absorption {
    private final int heads;
    private final int hidden;
    private final Attention.Form form;
    private final Linear query;
    private final Linear[] keys;
    private final Linear[] values;
    private final Linear dense;

    FewQueriesAttention(Parameters self, BridgeTowerTextConfig config, Projections projections)
            throws MalformedFileException {
        query = projections.query();
        dense = projections.dense();
        heads = config.numAttentionHeads();
        hidden = config.hiddenSize();
        form = new Attention.Form(1, false, null, hidden / heads);
        keys = self.transposedHeads("key", heads, hidden);
        values = new Linear[heads];
        int width = hidden / heads;
        for (int i = 0; i < heads; i++) values[i] = projections.keyValue().outputs(hidden + i * width, width);
    }

    @Override
    public boolean isCheaper(Attention.Sequence sequence, int tokens) {
        return sequence.visible() == null && AttentionCost.isAbsorbedCheaper(tokens, sequence.keys(), heads, hidden);
    }

    @Override
    public void apply(Workspace workspace, Matrix x, Matrix context, Route route, Matrix y) {
        long mark = workspace.mark();
        int width = hidden / heads;
        Matrix q = query.apply(workspace, x, Epilogue.NONE), mixed = workspace.matrix(x.rows(), hidden);
        Matrix queries = workspace.matrix(x.rows() * heads, hidden), sums = workspace.matrix(x.rows() * heads, hidden);
        for (int head = 0; head < heads; head++) {
            Matrix of = q.columns(head * width, width);
            keys[head].apply(workspace, of, Epilogue.NONE, queries.everyRow(head, heads));
        }
        Attention.Sequence[] sequences = Arrays.stream(route.sequences())
                .map(s -> new Attention.Sequence(
                        s.firstQuery() * heads, s.queries() * heads, s.firstKey(), s.keys(), null))
                .toArray(Attention.Sequence[]::new);
        Attention.Probabilities rows = route.probabilities() == null ? null : rows(workspace, sequences);
        Attention.Operands operands = new Attention.Operands(queries, context, context);
        Attention.apply(workspace, form, operands, new Attention.Pattern(sequences, rows), sums);
        if (rows != null) sort(rows, route.probabilities());
        for (int head = 0; head < heads; head++) {
            Matrix of = mixed.columns(head * width, width);
            Matrix part = values[head].apply(workspace, sums.everyRow(head, heads), Epilogue.NONE);
            Matrix last = part.columns(part.columns() - width, width);
            for (int row = 0; row < of.rows(); row++) Rows.copy(last, row, of, row);
        }
        dense.apply(workspace, mixed, Epilogue.residual(x), y);
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
