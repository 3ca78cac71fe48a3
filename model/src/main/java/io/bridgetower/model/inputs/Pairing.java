package io.bridgetower.model.inputs;

import java.util.stream.IntStream;

/**
 * Which texts go with which images: pair i is text {@code texts[i]} with image {@code images[i]}, both as indices of the
 * arrays that a call is given. Arrays are not copied and must not change while a call runs.
 */
public record Pairing(int[] texts, int[] images) {
    /** @throws IllegalArgumentException unless there are as many of both */
    public Pairing {
        if (texts.length != images.length) {
            throw new IllegalArgumentException(
                    "expected as many texts as images, found " + texts.length + " and " + images.length);
        }
    }

    /** Text i with image i, for as many pairs. */
    public static Pairing oneToOne(int pairs) {
        int[] indices = IntStream.range(0, pairs).toArray();
        return new Pairing(indices, indices);
    }

    /** Every text with every image: all texts with the first image, then all with the second, and so on. */
    public static Pairing all(int texts, int images) {
        int pairs = Math.multiplyExact(texts, images);
        return new Pairing(
                IntStream.range(0, pairs).map(i -> i % texts).toArray(),
                IntStream.range(0, pairs).map(i -> i / texts).toArray());
    }

    /** Number of pairs. */
    public int size() {
        return texts.length;
    }
}
