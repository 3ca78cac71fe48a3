package io.bridgetower.model;

import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Tensor;
import java.lang.foreign.Arena;

/**
 * Contrastive embeddings of pairs, all unit vectors, [pairs, contrastive size].
 *
 * @param textEmbeds of the texts
 * @param imageEmbeds of the images
 * @param crossEmbeds of text and image together
 */
public record BridgeTowerContrastiveOutput(Tensor textEmbeds, Tensor imageEmbeds, Tensor crossEmbeds) {
    /** The three side by side, [pairs, 3, contrastive size], as the reference's {@code logits}. */
    public Tensor logits() {
        int pairs = textEmbeds.dim(0), size = textEmbeds.dim(1);
        Tensor logits = Tensor.allocate(Arena.ofAuto(), pairs, 3, size);
        Matrix rows = Matrix.of(logits);
        for (int i = 0; i < pairs; i++) {
            Rows.copy(Matrix.of(textEmbeds), i, rows, 3 * i);
            Rows.copy(Matrix.of(imageEmbeds), i, rows, 3 * i + 1);
            Rows.copy(Matrix.of(crossEmbeds), i, rows, 3 * i + 2);
        }
        return logits;
    }
}
