package io.bridgetower.model.config;

/** How a link tower joins x, from a uni-modal encoder, with c, from the cross-modal encoder, before its LayerNorm. */
public enum LinkTowerType {
    /** {@code LN(x + c)}. */
    ADD,
    /** {@code LN(x · scaled_factor + c)}, with one learned factor. */
    SCALED_ADD,
    /** {@code LN(x · (1 − beta) + c · beta)}, with one learned weight. */
    INTERPOLATE
}
