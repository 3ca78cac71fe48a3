package io.bridgetower.model;

import io.bridgetower.model.batch.BridgedStates;
import io.bridgetower.model.batch.EncodedPairs;
import io.bridgetower.model.inputs.Pairing;
import java.io.UncheckedIOException;

/** Pairs of encodings that a computation reads: their memory stays until it has ended. */
final class Reading implements AutoCloseable {
    private final UnimodalEncoding[] texts;
    private final UnimodalEncoding[] images;
    private final Pairing pairing;
    private int begun;

    /**
     * @param model the model that computes
     * @throws IllegalArgumentException if an index is out of range, or an encoding is for another model
     * @throws UncheckedIOException if that cannot be told, because files of weights have changed or cannot be read
     * @throws IllegalStateException if an encoding is closed
     */
    Reading(ModelIdentity model, TextEncoding[] texts, ImageEncoding[] images, Pairing pairing) {
        this.texts = texts;
        this.images = images;
        this.pairing = pairing;
        check("text", texts, pairing.texts(), model);
        check("image", images, pairing.images(), model);
        try {
            for (; begun < texts.length + images.length; begun++)
                encoding(begun).beginReading();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The text and the image of every pair. */
    EncodedPairs encoded() {
        return new EncodedPairs(states(texts, pairing.texts()), states(images, pairing.images()));
    }

    @Override
    public void close() {
        while (begun > 0) encoding(--begun).endReading();
    }

    private UnimodalEncoding encoding(int index) {
        return index < texts.length ? texts[index] : images[index - texts.length];
    }

    private static BridgedStates[] states(UnimodalEncoding[] encodings, int[] indices) {
        BridgedStates[] states = new BridgedStates[indices.length];
        for (int i = 0; i < states.length; i++) states[i] = encodings[indices[i]].states();
        return states;
    }

    private static void check(String kind, UnimodalEncoding[] encodings, int[] indices, ModelIdentity model) {
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= encodings.length) {
                throw new IllegalArgumentException("pair " + i + ": expected " + kind + " 0 to "
                        + (encodings.length - 1) + ", found " + indices[i]);
            }
        }
        for (int i = 0; i < encodings.length; i++) {
            if (encodings[i].identity().isSame(model)) continue;
            throw new IllegalArgumentException(kind + " " + i + ": encoded by another model: expected "
                    + model.fingerprint() + ", found " + encodings[i].model());
        }
    }
}
