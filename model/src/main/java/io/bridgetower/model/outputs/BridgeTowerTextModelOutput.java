package io.bridgetower.model.outputs;

import io.bridgetower.engine.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * What the text model puts out. The tensors own their memory together, until {@link #close}, or lie in the arena that the
 * model was given.
 *
 * @param lastHiddenState output of the last layer, [texts, tokens of the longest text, hidden]; zero past the end of a
 *     shorter text
 * @param poolerOutput pooled first token, [texts, hidden]; null if the checkpoint holds no pooler
 * @param hiddenStates the embeddings and the output of every layer; null unless asked for
 * @param attentions self-attention probabilities of every layer, [texts, heads, queries, keys]; null unless asked for
 * @param crossAttentions cross-attention probabilities of every layer; null unless asked for and there are any
 */
public record BridgeTowerTextModelOutput(
        Tensor lastHiddenState,
        Tensor poolerOutput,
        List<Tensor> hiddenStates,
        List<Tensor> attentions,
        List<Tensor> crossAttentions)
        implements AutoCloseable {
    /** Frees all tensors if they own their memory: {@link Tensor#close} of each. Closing again does nothing. */
    @Override
    public void close() {
        lastHiddenState.close();
        if (poolerOutput != null) poolerOutput.close();
        for (List<Tensor> layers : Arrays.asList(hiddenStates, attentions, crossAttentions)) {
            if (layers != null) layers.forEach(Tensor::close);
        }
    }
}
