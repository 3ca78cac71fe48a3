package io.bridgetower.jobs;

import java.util.List;

/**
 * A masked token of a text and what may stand there.
 *
 * @param token its index among the tokens of the text
 * @param words the most probable first
 */
public record Gap(int token, List<Word> words) {
    /**
     * A token of the vocabulary.
     *
     * @param id in the vocabulary
     * @param text as it is written, the space before it included
     * @param probability among the whole vocabulary
     */
    public record Word(int id, String text, double probability) {}
}
