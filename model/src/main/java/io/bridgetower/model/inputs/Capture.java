package io.bridgetower.model.inputs;

/**
 * What a forward keeps in addition to its result. Nothing else is kept.
 *
 * @param hiddenStates the output of every layer
 * @param attentions the probabilities of every self-attention; of the cross-modal layers only, in a whole model
 * @param crossAttentions the probabilities of every cross-attention
 */
public record Capture(boolean hiddenStates, boolean attentions, boolean crossAttentions) {
    /** Nothing. */
    public static final Capture NONE = new Capture(false, false, false);

    /** Everything. */
    public static final Capture ALL = new Capture(true, true, true);
}
