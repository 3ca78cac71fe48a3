package io.bridgetower.model;

import io.bridgetower.engine.Tensor;

/**
 * What a decoder with cross-attention looks at.
 *
 * @param hiddenStates an encoder's output, [texts, rows, hidden]
 * @param attentionMask [texts, rows], 1 for rows that may be attended to; null for all
 */
public record EncoderStates(Tensor hiddenStates, int[][] attentionMask) {}
