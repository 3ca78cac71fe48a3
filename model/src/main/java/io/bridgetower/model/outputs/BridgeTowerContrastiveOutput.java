package io.bridgetower.model.outputs;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.TensorArena;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import java.lang.foreign.Arena;
import java.lang.ref.Reference;

/**
 * Contrastive embeddings of pairs, all unit vectors, [pairs, contrastive size]. They own their memory together, until {@link
 * #close}, or lie in the arena that the model was given.
 *
 * @param textEmbeds of the texts
 * @param imageEmbeds of the images
 * @param crossEmbeds of text and image together
 */
public record BridgeTowerContrastiveOutput(Tensor textEmbeds, Tensor imageEmbeds, Tensor crossEmbeds)
        implements AutoCloseable {
    /**
     * A copy of the three side by side, [pairs, 3, contrastive size], as the reference's {@code logits}. It owns its memory.
     */
    public Tensor logits() {
        return logits(new TensorArena());
    }

    /**
     * As {@link #logits()}.
     *
     * @param arena owner of the copy
     */
    public Tensor logits(Arena arena) {
        int pairs = textEmbeds.dim(0), size = textEmbeds.dim(1);
        Tensor logits = Tensor.allocate(arena, pairs, 3, size);
        Matrix rows = Matrix.of(logits);
        for (int i = 0; i < pairs; i++) {
            Rows.copy(Matrix.of(textEmbeds), i, rows, 3 * i);
            Rows.copy(Matrix.of(imageEmbeds), i, rows, 3 * i + 1);
            Rows.copy(Matrix.of(crossEmbeds), i, rows, 3 * i + 2);
        }
        Reference.reachabilityFence(this);
        return logits;
    }

    /** Frees the vectors if they own their memory: {@link Tensor#close} of each. Closing again does nothing. */
    @Override
    public void close() {
        textEmbeds.close();
        imageEmbeds.close();
        crossEmbeds.close();
    }
}
