package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import java.util.Arrays;

/**
 * Token ids of several texts, one under the other without padding between them, with what the text tower needs to know
 * of each row.
 */
final class TextBatch {
    /**
     * One text of the batch.
     *
     * @param firstRow its first row
     * @param rows number of its rows
     * @param visible its rows, counted from the first, that may be attended to; null for all
     */
    record Text(int firstRow, int rows, int[] visible) {}

    private final int[] ids;
    private final int[] positions;
    private final Text[] texts;

    private TextBatch(int[] ids, int[] positions, Text[] texts) {
        this.ids = ids;
        this.positions = positions;
        this.texts = texts;
    }

    /**
     * Lays out and checks a batch.
     *
     * @param inputIds token ids, for each text as many as it has
     * @param attentionMask of the same shape, 1 where a token may be attended to and 0 elsewhere; null for all ones
     * @param keepMasked whether masked tokens get rows. They change nothing about the others, so they are needed only
     *     where their own features are asked for; the first token, which the pooler reads, always has its row
     * @throws IllegalArgumentException if a shape, id, or mask is not valid or a text has too many tokens; the message
     *     says which and what was expected
     */
    static TextBatch of(int[][] inputIds, int[][] attentionMask, boolean keepMasked, BridgeTowerTextConfig config) {
        if (attentionMask != null && attentionMask.length != inputIds.length) {
            throw new IllegalArgumentException(
                    "attention mask: expected " + inputIds.length + " texts, found " + attentionMask.length);
        }
        int capacity = 0;
        for (int[] text : inputIds) capacity += text.length;
        int[] ids = new int[capacity], positions = new int[capacity];
        Text[] texts = new Text[inputIds.length];
        int row = 0;
        for (int i = 0; i < texts.length; i++) {
            int[] text = inputIds[i], mask = attentionMask == null ? null : attentionMask[i];
            check(i, text, mask, config);
            int first = row, seen = 0, shown = 0;
            int[] visible = new int[text.length];
            for (int t = 0; t < text.length; t++) {
                boolean isPad = text[t] == config.padTokenId();
                if (!isPad) seen++;
                boolean masked = mask != null && mask[t] == 0;
                if (masked && !keepMasked && t > 0) continue;
                if (!masked) visible[shown++] = row - first;
                ids[row] = text[t];
                positions[row] = config.padTokenId() + (isPad ? 0 : seen);
                row++;
            }
            texts[i] = new Text(first, row - first, shown == row - first ? null : Arrays.copyOf(visible, shown));
        }
        return new TextBatch(Arrays.copyOf(ids, row), positions, texts);
    }

    private static void check(int index, int[] text, int[] mask, BridgeTowerTextConfig config) {
        if (text.length == 0) throw new IllegalArgumentException("text " + index + ": expected at least one token");
        if (mask != null && mask.length != text.length) {
            throw new IllegalArgumentException(
                    "attention mask of text " + index + ": expected " + text.length + " values, found " + mask.length);
        }
        int tokens = 0;
        for (int t = 0; t < text.length; t++) {
            if (text[t] < 0 || text[t] >= config.vocabSize()) {
                throw new IllegalArgumentException("text " + index + ", token " + t + ": expected an id from 0 to "
                        + (config.vocabSize() - 1) + ", found " + text[t]);
            }
            if (mask != null && mask[t] != 0 && mask[t] != 1) {
                throw new IllegalArgumentException(
                        "attention mask of text " + index + ", token " + t + ": expected 0 or 1, found " + mask[t]);
            }
            if (text[t] != config.padTokenId()) tokens++;
        }
        if (tokens > config.maxTokens()) {
            throw new IllegalArgumentException(
                    "text " + index + " has " + tokens + " tokens, the model has positions for " + config.maxTokens());
        }
    }

    /** The texts from {@code first} on as a batch of their own. */
    TextBatch slice(int first, int count) {
        int from = texts[first].firstRow(), to = from;
        Text[] part = new Text[count];
        for (int i = 0; i < count; i++) {
            Text text = texts[first + i];
            part[i] = new Text(text.firstRow() - from, text.rows(), text.visible());
            to += text.rows();
        }
        return new TextBatch(Arrays.copyOfRange(ids, from, to), Arrays.copyOfRange(positions, from, to), part);
    }

    int size() {
        return texts.length;
    }

    int rows() {
        return ids.length;
    }

    Text text(int index) {
        return texts[index];
    }

    int id(int row) {
        return ids[row];
    }

    int position(int row) {
        return positions[row];
    }

    /** Every text attending to itself. */
    Attention.Sequence[] selfAttention() {
        Attention.Sequence[] sequences = new Attention.Sequence[texts.length];
        for (int i = 0; i < texts.length; i++) {
            Text text = texts[i];
            sequences[i] =
                    new Attention.Sequence(text.firstRow(), text.rows(), text.firstRow(), text.rows(), text.visible());
        }
        return sequences;
    }
}
