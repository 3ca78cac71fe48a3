package io.bridgetower.jobs.rows;

/** What a job computes for each pair. */
public enum Task {
    /** How well the text describes the image, by the matching head: {@link Outcome.Match}. */
    MATCH,
    /** How close the two are, by the contrastive heads and without cross-modal layers: {@link Outcome.Similarity}. */
    CONTRASTIVE,
    /** The words for the gaps of the text, by the masked-LM head: {@link Outcome.Completed}. */
    FILL
}
