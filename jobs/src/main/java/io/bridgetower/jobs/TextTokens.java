package io.bridgetower.jobs;

import io.bridgetower.processor.EncodingOptions;
import io.bridgetower.processor.Tokenizer;
import io.bridgetower.processor.Truncation;

/** Texts as token ids that a model has positions for. */
final class TextTokens {
    private final Tokenizer tokenizer;
    private final int maxTokens;
    private final EncodingOptions options;

    /** @throws IllegalArgumentException if texts are to be cut off behind what the model reads */
    TextTokens(Tokenizer tokenizer, int maxTokens, Truncation truncation) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
        this.options =
                EncodingOptions.DEFAULT.truncation(truncation.within(Math.min(maxTokens, tokenizer.modelMaxLength())));
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    int[] of(String text) {
        return tokenizer.encode(text, options).ids();
    }

    /** Why the model cannot read them; null if it can. */
    String problem(int[] ids) {
        if (ids.length <= maxTokens) return null;
        return "the text has " + ids.length + " tokens, the model reads " + maxTokens + " at most";
    }
}
