package io.bridgetower.model.outputs;

import io.bridgetower.engine.Tensor;
import java.util.List;

/**
 * What the layers of a model put out.
 *
 * @param text the text embeddings and every text layer, each [pairs, tokens of the longest text, hidden]
 * @param image what enters the first vision block and every block that runs, each [pairs, image tokens, vision hidden]
 * @param crossText every cross-modal layer's text side, each as the text features
 * @param crossImage every cross-modal layer's image side, each as the image features
 */
public record HiddenStates(List<Tensor> text, List<Tensor> image, List<Tensor> crossText, List<Tensor> crossImage)
        implements AutoCloseable {
    /** {@link Tensor#close} of each. */
    @Override
    public void close() {
        for (List<Tensor> layers : List.of(text, image, crossText, crossImage)) layers.forEach(Tensor::close);
    }
}
