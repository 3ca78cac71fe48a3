package io.bridgetower.model.batch;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.inputs.TextInputs;
import java.util.Arrays;

/**
 * The tokens of several texts, one under the other without padding between them, with what the text tower needs to know
 * of each row.
 */
public final class TextBatch {
    /**
     * One text of the batch.
     *
     * @param firstRow its first row
     * @param rows number of its rows
     * @param visible its rows, counted from the first, that may be attended to; null for all
     */
    public record Text(int firstRow, int rows, int[] visible) {}

    private final int[] ids;
    private final Tensor embeds;
    private final int[] sources;
    private final int[] positions;
    private final int[] types;
    private final Text[] texts;
    private final int firstText;

    private TextBatch(
            int[] ids, Tensor embeds, int[] sources, int[] positions, int[] types, Text[] texts, int firstText) {
        this.ids = ids;
        this.embeds = embeds;
        this.sources = sources;
        this.positions = positions;
        this.types = types;
        this.texts = texts;
        this.firstText = firstText;
    }

    /**
     * Lays out and checks a batch.
     *
     * @param keepPadding whether masked tokens at the end of a text get rows. They change nothing about the others, so
     *     they are needed only where their own features are asked for; the first token, which the pooler reads, always
     *     has its row
     * @param past tokens of each text that were computed before and come first in the attention mask
     * @throws IllegalArgumentException if a shape, id, or mask is not valid or a text has too many tokens; the message
     *     says which and what was expected
     * @throws WrongThreadException if embeddings are confined to another thread
     * @throws IllegalStateException if the memory of embeddings has been freed
     */
    public static TextBatch of(TextInputs inputs, boolean keepPadding, int past, BridgeTowerTextConfig config) {
        checkShapes(inputs, past, config);
        int capacity = 0;
        for (int i = 0; i < inputs.size(); i++) capacity += inputs.length(i);
        int[] ids = new int[capacity], positions = new int[capacity], types = new int[capacity];
        int[] sources = new int[capacity];
        Text[] texts = new Text[inputs.size()];
        int row = 0;
        for (int i = 0; i < texts.length; i++) {
            int[] mask = inputs.attentionMask() == null ? null : inputs.attentionMask()[i];
            int last = lastVisible(mask, inputs.length(i));
            // A fully masked row attends to everything evenly, padding included.
            boolean hasFullyMasked = last < 0 || config.isDecoder() && mask != null && mask[0] == 0;
            int rows = keepPadding || hasFullyMasked ? inputs.length(i) : last + 1;
            int seen = past;
            for (int t = 0; t < rows; t++) {
                int id = inputs.inputIds() == null ? -1 : inputs.inputIds()[i][t];
                boolean pad = id == config.padTokenId();
                if (!pad) seen++;
                ids[row + t] = id;
                positions[row + t] = config.padTokenId() + (pad ? 0 : seen);
                types[row + t] = inputs.tokenTypeIds() == null ? 0 : inputs.tokenTypeIds()[i][t];
                sources[row + t] = i * inputs.length(i) + t;
            }
            if (seen > config.maxTokens()) {
                throw new IllegalArgumentException(
                        "text " + i + " has " + seen + " tokens, the model has positions for " + config.maxTokens());
            }
            texts[i] = new Text(row, rows, visible(mask, past + rows));
            row += rows;
        }
        return new TextBatch(Arrays.copyOf(ids, row), inputs.inputsEmbeds(), sources, positions, types, texts, 0);
    }

    private static int lastVisible(int[] mask, int length) {
        int last = length - 1;
        while (mask != null && last >= 0 && mask[last] == 0) last--;
        return last;
    }

    /** Indices of the rows that a mask shows; null for all. */
    public static int[] visible(int[] mask, int rows) {
        if (mask == null) return null;
        int[] visible = new int[rows];
        int count = 0;
        for (int t = 0; t < rows; t++) if (mask[t] == 1) visible[count++] = t;
        return count == rows ? null : Arrays.copyOf(visible, count);
    }

    private static void checkShapes(TextInputs inputs, int past, BridgeTowerTextConfig config) {
        checkTexts("attention mask", inputs.attentionMask(), inputs.size());
        checkTexts("token_type_ids", inputs.tokenTypeIds(), inputs.size());
        if (inputs.inputsEmbeds() != null && inputs.inputsEmbeds().dim(2) != config.hiddenSize()) {
            throw new IllegalArgumentException(
                    "inputs_embeds: expected [*, *, " + config.hiddenSize() + "], found " + inputs.inputsEmbeds());
        }
        Confinement.check("inputs_embeds", inputs.inputsEmbeds());
        for (int i = 0; i < inputs.size(); i++) {
            int length = inputs.length(i);
            if (length == 0) throw new IllegalArgumentException("text " + i + ": expected at least one token");
            if (inputs.inputIds() != null) check("", inputs.inputIds()[i], i, length, "an id", config.vocabSize());
            if (inputs.attentionMask() != null) {
                check("attention mask of ", inputs.attentionMask()[i], i, past + length, "a value", 2);
            }
            if (inputs.tokenTypeIds() != null) {
                check("token_type_ids of ", inputs.tokenTypeIds()[i], i, length, "a type", config.typeVocabSize());
            }
        }
    }

    /** Checks masks of one length for all texts. */
    public static void checkMasks(String name, int[][] masks, int texts, int length) {
        checkTexts(name, masks, texts);
        for (int i = 0; i < texts; i++) check(name + " of ", masks[i], i, length, "a value", 2);
    }

    private static void checkTexts(String name, int[][] values, int texts) {
        if (values != null && values.length != texts) {
            throw new IllegalArgumentException(name + ": expected " + texts + " texts, found " + values.length);
        }
    }

    private static void check(String of, int[] values, int text, int length, String noun, int end) {
        if (values.length != length) {
            throw new IllegalArgumentException(
                    of + "text " + text + ": expected " + length + " values, found " + values.length);
        }
        for (int t = 0; t < length; t++) {
            if (values[t] < 0 || values[t] >= end) {
                throw new IllegalArgumentException(of + "text " + text + ", token " + t + ": expected " + noun
                        + " from 0 to " + (end - 1) + ", found " + values[t]);
            }
        }
    }

    /** The texts from {@code first} on as their own batch. */
    public TextBatch slice(int first, int count) {
        int from = texts[first].firstRow(), to = from;
        Text[] part = new Text[count];
        for (int i = 0; i < count; i++) {
            Text text = texts[first + i];
            part[i] = new Text(text.firstRow() - from, text.rows(), text.visible());
            to += text.rows();
        }
        return new TextBatch(
                Arrays.copyOfRange(ids, from, to),
                embeds,
                Arrays.copyOfRange(sources, from, to),
                Arrays.copyOfRange(positions, from, to),
                Arrays.copyOfRange(types, from, to),
                part,
                firstText + first);
    }

    public int size() {
        return texts.length;
    }

    public int rows() {
        return ids.length;
    }

    public Text text(int index) {
        return texts[index];
    }

    /** The rows of one text in a matrix of all rows. */
    public Matrix text(int index, Matrix rows) {
        return rows.rows(texts[index].firstRow(), texts[index].rows());
    }

    /** Index of the first text in the batch that this one is a slice of. */
    public int firstText() {
        return firstText;
    }

    /** The same in memory that all threads may read; what is confined to the calling one is copied to the workspace. */
    public TextBatch readable(Workspace workspace) {
        Tensor readable = Confinement.readable(workspace, embeds);
        return readable == embeds ? this : new TextBatch(ids, readable, sources, positions, types, texts, firstText);
    }

    /**
     * Where the texts are given as embeddings, those of the whole batch; null where they are given as ids. Keep this batch
     * reachable while they are read.
     */
    public Matrix embeds() {
        return embeds == null ? null : Matrix.of(embeds);
    }

    /** Which of the {@link #embeds} is that of a row. */
    public int source(int row) {
        return sources[row];
    }

    public int id(int row) {
        return ids[row];
    }

    public int position(int row) {
        return positions[row];
    }

    public int type(int row) {
        return types[row];
    }

    /** Every text attending to itself. */
    public Attention.Sequence[] selfAttention() {
        Attention.Sequence[] sequences = new Attention.Sequence[texts.length];
        for (int i = 0; i < texts.length; i++) {
            Text text = texts[i];
            sequences[i] =
                    new Attention.Sequence(text.firstRow(), text.rows(), text.firstRow(), text.rows(), text.visible());
        }
        return sequences;
    }
}
