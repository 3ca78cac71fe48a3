package io.bridgetower;

import java.util.List;

/**
 * A masked token of a text and the words that fill it, best first. Every mask is filled on its own, without regard to what
 * the others are filled with.
 *
 * @param token index of the masked token in the text's tokens, special tokens included
 * @param words one or more
 */
public record Filled(int token, List<Word> words) {
    /**
     * A word of the vocabulary.
     *
     * @param id token id
     * @param text as it stands in a text, with the space before it that its token has
     * @param probability that it stands at the masked token, from 0 to 1
     */
    public record Word(int id, String text, double probability) {}

    /** Copies the words. */
    public Filled {
        words = List.copyOf(words);
    }

    /** The best word, without the space before it. */
    public String word() {
        return words.getFirst().text().strip();
    }

    /** The probability of the best word. */
    public double probability() {
        return words.getFirst().probability();
    }
}
