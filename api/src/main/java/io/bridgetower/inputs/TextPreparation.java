package io.bridgetower.inputs;

import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.processor.text.Encoding;
import io.bridgetower.processor.text.EncodingOptions;
import io.bridgetower.processor.text.Tokenizer;
import io.bridgetower.processor.text.Truncation;
import java.util.List;
import java.util.Objects;

/** Turns texts into token ids that a model has positions for. Immutable and safe for use by several threads. */
public final class TextPreparation {
    /** Characters of a text that a message quotes. */
    private static final int QUOTED = 40;

    private final Tokenizer tokenizer;
    private final int maxTokens;
    private final EncodingOptions options;

    private TextPreparation(Tokenizer tokenizer, int maxTokens, EncodingOptions options) {
        this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
        this.maxTokens = maxTokens;
        this.options = options;
    }

    /** A preparation that refuses texts with more tokens than the model has positions. */
    public static TextPreparation of(Tokenizer tokenizer, BridgeTowerTextConfig config) {
        return new TextPreparation(tokenizer, config.maxTokens(), EncodingOptions.DEFAULT);
    }

    /** The same, but texts that are too long are truncated to what the model and its tokenizer allow. */
    public TextPreparation truncating() {
        return truncatingTo(Math.min(maxTokens, tokenizer.modelMaxLength()));
    }

    /**
     * The same, but texts are truncated, at most to what the model and its tokenizer allow.
     *
     * @param truncation {@link Truncation#NONE} for the same
     * @throws IllegalArgumentException if more tokens than the model reads are to be left
     */
    public TextPreparation truncating(Truncation truncation) {
        int most = Math.min(maxTokens, tokenizer.modelMaxLength());
        return new TextPreparation(tokenizer, maxTokens, EncodingOptions.DEFAULT.truncation(truncation.within(most)));
    }

    /**
     * The same, but texts are truncated to so many tokens, special tokens included.
     *
     * @throws IllegalArgumentException if the model does not read so many, or only special tokens would be left
     */
    public TextPreparation truncatingTo(int tokens) {
        if (tokens < 3 || tokens > maxTokens) {
            throw new IllegalArgumentException(
                    "truncation: expected 3 to " + maxTokens + " tokens for this model, found " + tokens);
        }
        return new TextPreparation(
                tokenizer, maxTokens, EncodingOptions.DEFAULT.truncation(Truncation.longestFirst(tokens)));
    }

    /**
     * The ids of a text, with the special tokens that the model expects.
     *
     * @throws TextTooLongException if the model cannot read so many tokens
     */
    public int[] ids(String text) {
        return encode(text).ids();
    }

    /** The tokens of a text with their places in it; throws as {@link #ids(String)}. */
    public Encoding encode(String text) {
        Encoding encoding = tokenizer.encode(text, options);
        int[] ids = encoding.ids();
        if (ids.length <= maxTokens) return encoding;
        throw new TextTooLongException(beginning(text), ids.length, maxTokens);
    }

    /** The ids of every text; throws as {@link #ids(String)}. */
    public int[][] ids(List<String> texts) {
        return texts.stream().map(this::ids).toArray(int[][]::new);
    }

    /** The tokenizer of the model. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    private static String beginning(String text) {
        if (text.codePointCount(0, text.length()) <= QUOTED) return text;
        return text.substring(0, text.offsetByCodePoints(0, QUOTED)) + "…";
    }
}
