package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Workspace;

/**
 * A way to attend where there are few rows on one side and many on the other: the weights that project the many are
 * multiplied with the few instead, and what remains to be done with the many is less. The result is the same up to rounding.
 * (DeepSeek-V2, arXiv 2405.04434, section 2.1.2, says that one weight absorbs the other, and does so once for all rows.)
 */
sealed interface Absorption permits FewQueriesAttention, FewKeysAttention {
    /**
     * Whether this is the way to compute a sequence. Its bits must not depend on padding, and so neither must this.
     *
     * @param tokens queries without padding
     */
    boolean pays(Attention.Sequence sequence, int tokens);

    /**
     * {@code y = x + dense(attention(x, context))}.
     *
     * @param x rows that attend, [rows, hidden]
     * @param context rows attended to, [context rows, hidden]
     * @param y [rows, hidden]; not x
     */
    void apply(Workspace workspace, Matrix x, Matrix context, Route route, Matrix y);
}
