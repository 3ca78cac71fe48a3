package io.bridgetower.jobs;

import io.bridgetower.processor.EncodingOptions;
import io.bridgetower.processor.Tokenizer;
import io.bridgetower.processor.Truncation;

/** Texts as token ids that a model has positions for. */
final class TextTokens {
    private final Tokenizer tokenizer;
    private final int maxTokens;
    private final EncodingOptions options;

    TextTokens(Tokenizer tokenizer, int maxTokens, boolean truncate) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
        this.options = truncate
                ? EncodingOptions.DEFAULT.truncation(
                        Truncation.longestFirst(Math.min(maxTokens, tokenizer.modelMaxLength())))
                : EncodingOptions.DEFAULT;
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
