package io.bridgetower.processor.text.bpe;

/**
 * Words met before: bounded, shared by all threads, without locks. A race can lose a word, never show a wrong or a half
 * one: a {@link Word} is immutable, and each is compared with the text before it is taken.
 */
final class WordCache {
    /** Longer words are rare and cost memory. */
    static final int MAX_WORD = 32;

    private static final int SLOTS = 1 << 14;

    private final Word[] slots = new Word[SLOTS];

    /** The word {@code text[from, to)}, or null if it is not here. */
    Word get(char[] text, int from, int to) {
        int slot = slot(text, from, to);
        Word word = slots[slot];
        if (word != null && word.is(text, from, to)) return word;
        word = slots[slot ^ 1];
        return word != null && word.is(text, from, to) ? word : null;
    }

    /** Keeps {@code word}, in the place of another if need be. */
    void put(Word word) {
        int slot = slot(word.text(), 0, word.text().length);
        slots[slots[slot] == null ? slot : slot ^ 1] = word;
    }

    private static int slot(char[] text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) hash = 31 * hash + text[i];
        return hash * 0x9E3779B9 >>> Integer.SIZE - 14;
    }
}
