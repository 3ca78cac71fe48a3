package io.bridgetower.model.outputs;

import io.bridgetower.engine.Tensor;

/**
 * Features of fused pairs. The tensors own their memory together, until {@link #close}, or lie in the arena that the model
 * was given.
 *
 * @param textFeatures last cross-modal layer, text side, [pairs, tokens of the longest text, hidden]; zero past the end
 *     of a shorter text
 * @param imageFeatures last cross-modal layer, image side, [pairs, image tokens, hidden]
 * @param poolerOutput pooled text, then pooled image, [pairs, 2 · hidden]
 * @param hiddenStates outputs of all layers; null unless asked for
 * @param attentions self-attention probabilities of the cross-modal layers; null unless asked for
 * @param crossAttentions their cross-attention probabilities, which the reference cannot return; null unless asked for
 */
public record BridgeTowerModelOutput(
        Tensor textFeatures,
        Tensor imageFeatures,
        Tensor poolerOutput,
        HiddenStates hiddenStates,
        Attentions attentions,
        Attentions crossAttentions)
        implements AutoCloseable {
    /** Frees all tensors if they own their memory: {@link Tensor#close} of each. Closing again does nothing. */
    @Override
    public void close() {
        textFeatures.close();
        imageFeatures.close();
        poolerOutput.close();
        if (hiddenStates != null) hiddenStates.close();
        if (attentions != null) attentions.close();
        if (crossAttentions != null) crossAttentions.close();
    }
}
