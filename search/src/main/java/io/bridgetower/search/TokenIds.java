package io.bridgetower.search;

import io.bridgetower.processor.Tokenizer;

/** Texts as token ids that a model has positions for. */
record TokenIds(Tokenizer tokenizer, int most) {
    /** @throws IllegalArgumentException if the text is too long */
    int[] of(String text) {
        int[] ids = tokenizer.encode(text).ids();
        if (ids.length <= most) return ids;
        throw new IllegalArgumentException(
                "the text has " + ids.length + " tokens, the model reads " + most + " at most");
    }
}
