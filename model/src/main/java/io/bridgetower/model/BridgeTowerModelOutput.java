package io.bridgetower.model;

import io.bridgetower.engine.Tensor;

/**
 * Features of fused pairs. The tensors' memory is freed when they are no longer reachable.
 *
 * @param textFeatures last cross-modal layer, text side, [pairs, tokens of the longest text, hidden]; zero past the end
 *     of a shorter text
 * @param imageFeatures last cross-modal layer, image side, [pairs, image tokens, hidden]
 * @param poolerOutput pooled text, then pooled image, [pairs, 2 · hidden]
 */
public record BridgeTowerModelOutput(Tensor textFeatures, Tensor imageFeatures, Tensor poolerOutput) {}
