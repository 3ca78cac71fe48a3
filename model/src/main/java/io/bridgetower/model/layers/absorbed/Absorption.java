package io.bridgetower.model.layers.absorbed;

import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.Route;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.runtime.Parameters;

/**
 * A way to attend where there are few rows on one side and many on the other: the weights that project the many are
 * multiplied with the few instead, and what remains to be done with the many is less. The result is the same up to rounding.
 * (DeepSeek-V2, arXiv 2405.04434, section 2.1.2, says that one weight absorbs the other, and does so once for all rows.)
 */
public sealed interface Absorption permits FewQueriesAttention, FewKeysAttention {
    /** How many rows may attend to how many, as far as that can save operations. */
    enum Reach {
        ANY,
        FEW_TO_MANY,
        MANY_TO_FEW
    }

    /**
     * The projections of an attention block.
     *
     * @param keyValue its keys, then its values
     * @param dense of its output
     */
    record Projections(Linear query, Linear keyValue, Linear dense) {}

    /**
     * The way to attend within some reach.
     *
     * @param self the block's parameters below {@code self}
     * @return null if there is none, or layers are of a format that cannot be cut, whose products cost so little that there is
     *     nothing to save
     */
    public static Absorption of(Reach reach, Parameters self, BridgeTowerTextConfig config, Projections projections)
            throws MalformedFileException {
        if (!self.format().isCutAnywhere()) return null;
        return switch (reach) {
            case ANY -> null;
            case FEW_TO_MANY -> new FewQueriesAttention(self, config, projections);
            case MANY_TO_FEW -> new FewKeysAttention(self, config, projections);
        };
    }

    /**
     * Whether this is the way to compute a sequence. Its bits must not depend on padding, and so neither must this.
     *
     * @param tokens queries without padding
     */
    boolean isCheaper(Attention.Sequence sequence, int tokens);

    /**
     * {@code y = x + dense(attention(x, context))}.
     *
     * @param x rows that attend, [rows, hidden]
     * @param context rows attended to, [context rows, hidden]
     * @param y [rows, hidden]; not x
     */
    void apply(Workspace workspace, Matrix x, Matrix context, Route route, Matrix y);
}
