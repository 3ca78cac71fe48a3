package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.Workspace;

/**
 * What a decoder with cross-attention looks at. The tensor stays the caller's; its memory may be confined to the calling
 * thread, as that of {@link TextInputs}.
 *
 * @param hiddenStates an encoder's output, [texts, rows, hidden]
 * @param attentionMask [texts, rows], 1 for rows that may be attended to; null for all
 */
public record EncoderStates(Tensor hiddenStates, int[][] attentionMask) {
    /** The same in memory that all threads may read; what is confined to the calling one is copied to the workspace. */
    EncoderStates readable(Workspace workspace) {
        Tensor states = Confinement.readable(workspace, hiddenStates);
        return states == hiddenStates ? this : new EncoderStates(states, attentionMask);
    }
}
