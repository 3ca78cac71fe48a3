package io.bridgetower.model.config;

/** Where the text and cross-modal layers take the positions of their tokens from. */
public enum PositionEmbeddingType {
    /** A learned embedding per position, added to the word embedding. */
    ABSOLUTE,
    /** A learned embedding per distance, multiplied with the query (Shaw et al., arXiv 1803.02155). */
    RELATIVE_KEY,
    /** As {@link #RELATIVE_KEY}, multiplied with the key too (Huang et al., arXiv 2009.13658, method 4). */
    RELATIVE_KEY_QUERY
}
