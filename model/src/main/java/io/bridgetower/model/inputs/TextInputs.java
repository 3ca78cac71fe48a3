package io.bridgetower.model.inputs;

import io.bridgetower.engine.Tensor;

/**
 * A batch of texts as a model takes them. Arrays and embeddings are not copied and must not change while a call runs. The memory of embeddings may be confined to the calling thread, which then copies it for the other threads of
 * the model; memory that is confined to another thread is refused with a {@link WrongThreadException}.
 *
 * @param inputIds token ids, for each text as many as it has; null where there are embeddings instead
 * @param inputsEmbeds word embeddings, [texts, tokens, hidden], before token types and positions are added; null where
 *     there are ids
 * @param attentionMask for each token 1, or 0 where it only fills up a batch; null for all ones
 * @param tokenTypeIds for each token its type; null for all zeros
 */
public record TextInputs(int[][] inputIds, Tensor inputsEmbeds, int[][] attentionMask, int[][] tokenTypeIds) {
    /** @throws IllegalArgumentException unless there are either ids or embeddings */
    public TextInputs {
        if (inputIds == null == (inputsEmbeds == null)) {
            throw new IllegalArgumentException("expected either input_ids or inputs_embeds");
        }
        if (inputsEmbeds != null && inputsEmbeds.rank() != 3) {
            throw new IllegalArgumentException(
                    "inputs_embeds: expected [texts, tokens, hidden], found " + inputsEmbeds);
        }
    }

    /** Texts without padding. */
    public static TextInputs of(int[][] inputIds) {
        return new TextInputs(inputIds, null, null, null);
    }

    /** Texts that may be padded. */
    public static TextInputs of(int[][] inputIds, int[][] attentionMask) {
        return new TextInputs(inputIds, null, attentionMask, null);
    }

    /** Texts given as word embeddings, [texts, tokens, hidden]. */
    public static TextInputs ofEmbeddings(Tensor inputsEmbeds, int[][] attentionMask) {
        return new TextInputs(null, inputsEmbeds, attentionMask, null);
    }

    /** The same with token types. */
    public TextInputs withTokenTypeIds(int[][] ids) {
        return new TextInputs(inputIds, inputsEmbeds, attentionMask, ids);
    }

    /** Number of texts. */
    public int size() {
        return inputIds != null ? inputIds.length : inputsEmbeds.dim(0);
    }

    /** Number of tokens of one text, padding included. */
    public int length(int text) {
        return inputIds != null ? inputIds[text].length : inputsEmbeds.dim(1);
    }

    /** Number of tokens of the longest text. */
    public int longest() {
        int longest = 0;
        for (int i = 0; i < size(); i++) longest = Math.max(longest, length(i));
        return longest;
    }
}
