package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import java.util.List;

/**
 * What the text model puts out. The tensors' memory is freed when they are no longer reachable.
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
        List<Tensor> crossAttentions) {}
