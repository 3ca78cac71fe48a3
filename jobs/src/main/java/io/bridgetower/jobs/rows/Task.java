package io.bridgetower.jobs.rows;

/** What a job computes for each pair. */
public enum Task {
    /** How well the text describes the image, by the matching head: {@link Outcome.Match}. */
    MATCH,
    /** How close the two are, by the contrastive heads and without cross-modal layers: {@link Outcome.Similarity}. */
    CONTRASTIVE,
    /** The words for the gaps of the text, by the masked-LM head: {@link Outcome.Completed}. */
    FILL,
    /** The vector of the image alone, by the contrastive head of images: {@link Outcome.Embedding}. */
    EMBED_IMAGE,
    /** The vector of the text alone, by the contrastive head of texts: {@link Outcome.Embedding}. */
    EMBED_TEXT,
    /** One vector of both together, by the contrastive head of pairs: {@link Outcome.Embedding}. */
    EMBED_PAIR
}
