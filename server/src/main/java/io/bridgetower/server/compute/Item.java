package io.bridgetower.server.compute;

import io.bridgetower.Explanation;
import io.bridgetower.Filled;
import io.bridgetower.Image;
import io.bridgetower.Score;
import java.util.List;

/**
 * One thing to compute. The image of an item is retained by its user while it is submitted, and by the item until it is done.
 *
 * @param <R> the result
 */
public sealed interface Item<R> {
    /** The text that it needs an encoding of; null if none. */
    default TextTokens text() {
        return null;
    }

    /** The image that it needs; null if none. */
    default PreparedImage image() {
        return null;
    }

    /** How well a text describes an image. */
    record Match(TextTokens text, PreparedImage image) implements Item<Score.Logits> {}

    /** The vector of a text. */
    record TextVector(TextTokens tokens) implements Item<float[]> {}

    /** The vector of an image. */
    record ImageVector(PreparedImage image) implements Item<float[]> {}

    /** The vector of a text and an image together. */
    record PairVector(TextTokens text, PreparedImage image) implements Item<float[]> {}

    /**
     * The best words for the masked tokens of a text.
     *
     * @param masks their indices
     * @param top how many words for each
     */
    record Fill(TextTokens text, PreparedImage image, int[] masks, int top) implements Item<List<Filled>> {}

    /** Where the words of a text look in an image. */
    record Explain(String words, Image decoded) implements Item<Explanation> {}
}
