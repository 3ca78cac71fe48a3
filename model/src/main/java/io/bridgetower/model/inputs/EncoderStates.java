package io.bridgetower.model.inputs;

import io.bridgetower.engine.Tensor;

/**
 * What a decoder with cross-attention looks at. The tensor stays the caller's; its memory may be confined to the calling
 * thread, as that of {@link TextInputs}.
 *
 * @param hiddenStates an encoder's output, [texts, rows, hidden]
 * @param attentionMask [texts, rows], 1 for rows that may be attended to; null for all
 */
public record EncoderStates(Tensor hiddenStates, int[][] attentionMask) {}
