package io.bridgetower.cli;

import io.bridgetower.model.BridgeTowerTextConfig;
import io.bridgetower.processor.EncodingOptions;
import io.bridgetower.processor.Tokenizer;
import io.bridgetower.processor.Truncation;
import java.util.List;

/** Texts as token ids that a model has positions for. */
final class Captions {
    private static final int QUOTED = 40;

    private final Tokenizer tokenizer;
    private final int maxTokens;

    Captions(Tokenizer tokenizer, BridgeTowerTextConfig config) {
        this.tokenizer = tokenizer;
        this.maxTokens = config.maxTokens();
    }

    /**
     * The ids of every text.
     *
     * @param truncation how long texts are cut off; {@link Truncation#NONE} to refuse them
     * @throws IllegalArgumentException if more tokens than the model reads are to be left
     */
    int[][] ids(List<String> texts, Truncation truncation) throws Failure {
        EncodingOptions options =
                EncodingOptions.DEFAULT.truncation(truncation.within(Math.min(maxTokens, tokenizer.modelMaxLength())));
        int[][] ids = tokenizer.encodeBatch(texts, options).inputIds();
        for (int i = 0; i < ids.length; i++) check(texts.get(i), ids[i], "; --truncate cuts it off there");
        return ids;
    }

    /** The ids of a text of which nothing may be cut off. */
    int[] idsOfAll(String text) throws Failure {
        int[] ids = tokenizer.encode(text).ids();
        check(text, ids, "");
        return ids;
    }

    private void check(String text, int[] ids, String advice) throws Failure {
        if (ids.length <= maxTokens) return;
        throw new Failure("the text \"" + beginning(text) + "\" has " + ids.length + " tokens, the model reads "
                + maxTokens + " at most" + advice);
    }

    private static String beginning(String text) {
        if (text.codePointCount(0, text.length()) <= QUOTED) return text;
        return text.substring(0, text.offsetByCodePoints(0, QUOTED)) + "…";
    }
}
