package io.bridgetower.model.outputs;

import io.bridgetower.engine.Tensor;
import java.util.List;

/**
 * Attention probabilities of every cross-modal layer, [pairs, heads, queries, keys]; zero for keys that are masked or
 * past the end of a shorter text.
 *
 * @param text whose queries are text rows; their keys are text rows in self-attention and image rows in cross-attention
 * @param image whose queries are image rows; their keys are image rows in self-attention and text rows in cross-attention
 */
public record Attentions(List<Tensor> text, List<Tensor> image) implements AutoCloseable {
    /** {@link Tensor#close} of each. */
    @Override
    public void close() {
        text.forEach(Tensor::close);
        image.forEach(Tensor::close);
    }
}
