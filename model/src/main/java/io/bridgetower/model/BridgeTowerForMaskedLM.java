package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.TensorArena;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.batch.EncodedPairs;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.layers.MaskedLMHead;
import io.bridgetower.model.outputs.LogitsConsumer;
import io.bridgetower.model.runtime.Losses;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * BridgeTower with the masked language modelling head (MLM): which words belong in the gaps of a text, given the image.
 *
 * <p>Safe for use by several threads at once. {@link #close} frees the head, and the trunk where it came with it.
 */
public final class BridgeTowerForMaskedLM implements AutoCloseable {
    private final Head<MaskedLMHead> head;
    private final MaskedLMRows rows;

    private BridgeTowerForMaskedLM(Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk)
            throws IOException {
        head = new Head<>(
                checkpoint,
                trunk,
                ownsTrunk,
                trunk.identity().withHead(checkpoint.heads(), settings(trunk.config()), "mlm_score."),
                (heads, config) ->
                        new MaskedLMHead(heads, trunk.memory().parameters(checkpoint.trunk(), heads.arena()), config));
        rows = new MaskedLMRows(head);
    }

    /**
     * Loads a model directory, trunk and head.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     */
    public static BridgeTowerForMaskedLM load(Path directory) throws IOException {
        return load(directory, ModelOptions.defaults());
    }

    /** As {@link #load(Path)}, with options. */
    public static BridgeTowerForMaskedLM load(Path directory, ModelOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory, options.variant())) {
            checkpoint.heads().info(MaskedLMHead.PRESENT);
            return Head.withTrunk(checkpoint, options, trunk -> new BridgeTowerForMaskedLM(checkpoint, trunk, true));
        }
    }

    /**
     * Loads the head alone, on a trunk that stays its owner's to close.
     *
     * @throws IOException if a tensor of the head is missing or has another shape than the trunk needs
     */
    public static BridgeTowerForMaskedLM load(Checkpoint checkpoint, BridgeTowerModel trunk) throws IOException {
        return new BridgeTowerForMaskedLM(checkpoint, trunk, false);
    }

    /** Whether a checkpoint holds this head. */
    public static boolean isIn(Checkpoint checkpoint) {
        return checkpoint.heads().has(MaskedLMHead.PRESENT);
    }

    /** The trunk. */
    public BridgeTowerModel trunk() {
        return head.model();
    }

    /**
     * What tells the results of this model from those of others: as {@link BridgeTowerModel#fingerprint}, of the trunk and
     * this head; throws as that.
     */
    public String fingerprint() {
        return head.fingerprint();
    }

    /**
     * Predicts every token of text i, given image i. A large result: 4 bytes for each text, token and word of the vocabulary.
     * {@link #logits(TextInputs, ImageInputs, LogitsConsumer)} gives the same numbers in bounded memory.
     *
     * @return [texts, tokens of the longest text, vocabulary], which owns its memory; zero past the end of a shorter text
     * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}
     * @throws WrongThreadException if an input is confined to another thread
     * @throws IllegalStateException if the model is closed, or the memory of an input is freed
     */
    public Tensor logits(TextInputs texts, ImageInputs images) {
        return TensorArena.owning(arena -> logits(arena, texts, images));
    }

    /** As {@link #logits(TextInputs, ImageInputs)}, from ids, a mask that may be null, and pixels. */
    public Tensor logits(int[][] inputIds, int[][] attentionMask, Tensor pixelValues) {
        return logits(TextInputs.of(inputIds, attentionMask), ImageInputs.of(pixelValues));
    }

    /**
     * As {@link #logits(TextInputs, ImageInputs)}.
     *
     * @param arena owner of the logits; may be confined to the calling thread
     */
    public Tensor logits(Arena arena, TextInputs texts, ImageInputs images) {
        TextBatch batch = batch(texts, images, true);
        int[][] all = allTokens(texts);
        try (var computation = head.begin()) {
            Workspace workspace = computation.workspace();
            Matrix features = features(workspace, batch, images, all);
            return rows.tensor(arena, workspace, features, all, texts.longest());
        }
    }

    /**
     * Predicts every token of text i, given image i, and hands over the logits of one token after the other, in order. The
     * memory that is needed does not grow with the number of texts and tokens, but for their features.
     *
     * @param consumer is called on the calling thread while no computation runs; it may use the model
     * @throws X if the consumer does
     * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}
     * @throws WrongThreadException if an input is confined to another thread
     * @throws IllegalStateException if the model is closed, or the memory of an input is freed
     */
    public <X extends Exception> void logits(TextInputs texts, ImageInputs images, LogitsConsumer<X> consumer)
            throws X {
        TextBatch batch = batch(texts, images, true);
        int[][] all = allTokens(texts);
        rows.stream(workspace -> features(workspace, batch, images, all), all, consumer);
    }

    /**
     * Predicts some tokens only.
     *
     * @param tokens for each text the indices of the tokens to predict
     * @return for each text and each of its indices the logits of the vocabulary
     * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}, or if an index is masked or out of range
     * @throws WrongThreadException if an input is confined to another thread
     * @throws IllegalStateException if the model is closed, or the memory of an input is freed
     */
    public float[][][] logitsAt(TextInputs texts, ImageInputs images, int[][] tokens) {
        return MaskedLMRows.collect(tokens, consumer -> logitsAt(texts, images, tokens, consumer));
    }

    /**
     * As {@link #logitsAt(TextInputs, ImageInputs, int[][])}, handing over the logits of one token after the other, in order.
     *
     * @param consumer is called on the calling thread while no computation runs; it may use the model
     * @throws X if the consumer does
     */
    public <X extends Exception> void logitsAt(
            TextInputs texts, ImageInputs images, int[][] tokens, LogitsConsumer<X> consumer) throws X {
        if (tokens.length != texts.size()) {
            throw new IllegalArgumentException("tokens: expected " + texts.size() + " texts, found " + tokens.length);
        }
        TextBatch batch = batch(texts, images, false);
        rows.stream(workspace -> features(workspace, batch, images, tokens), tokens, consumer);
    }

    /**
     * Predicts some tokens of pairs that were encoded before; the same bits as from ids and pixels, where the encodings
     * keep 32 bits.
     *
     * @param pairing which text goes with which image
     * @param tokens for each pair the indices of the tokens of its text to predict
     * @return for each pair and each of its indices the logits of the vocabulary
     * @throws IllegalArgumentException if the pairing or an index does not fit, or an encoding is for another model
     * @throws IllegalStateException if the model or an encoding is closed
     */
    public float[][][] logitsAt(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing, int[][] tokens) {
        return MaskedLMRows.collect(tokens, consumer -> logitsAt(texts, images, pairing, tokens, consumer));
    }

    /**
     * As {@link #logitsAt(TextEncoding[], ImageEncoding[], Pairing, int[][])}, handing over the logits of one token after the
     * other, in order.
     *
     * @param consumer is called on the calling thread while no computation runs; it may use the model, and close the
     *     encodings
     * @throws X if the consumer does
     */
    public <X extends Exception> void logitsAt(
            TextEncoding[] texts, ImageEncoding[] images, Pairing pairing, int[][] tokens, LogitsConsumer<X> consumer)
            throws X {
        if (tokens.length != pairing.size()) {
            throw new IllegalArgumentException("tokens: expected " + pairing.size() + " pairs, found " + tokens.length);
        }
        rows.stream(
                workspace -> {
                    try (Reading reading = trunk().reading(texts, images, pairing)) {
                        return features(workspace, reading.encoded(), tokens);
                    }
                },
                tokens,
                consumer);
    }

    private TextBatch batch(TextInputs texts, ImageInputs images, boolean keepPadding) {
        TextBatch batch = trunk().batch(texts, keepPadding);
        trunk().trunk().imageTokens(images);
        BridgeTowerModel.checkPairs(batch.size(), images.size());
        return batch;
    }

    private Matrix features(Workspace workspace, TextBatch batch, ImageInputs images, int[][] tokens) {
        return features(workspace, trunk().trunk().encode(workspace, batch, images, null), tokens);
    }

    /** Text features of the tokens, those of all pairs one under the other, on the workspace. */
    private Matrix features(Workspace workspace, EncodedPairs encoded, int[][] tokens) {
        for (int i = 0; i < tokens.length; i++) checkTokens(i, tokens[i], encoded.texts()[i].tokens());
        return trunk().trunk().textRows(workspace, encoded, tokens);
    }

    private static int[][] allTokens(TextInputs texts) {
        int[][] tokens = new int[texts.size()][];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = IntStream.range(0, texts.length(i)).toArray();
        }
        return tokens;
    }

    private static void checkTokens(int text, int[] tokens, int count) {
        for (int token : tokens) {
            if (token < 0 || token >= count) {
                throw new IllegalArgumentException(
                        "text " + text + ": expected a token from 0 to " + (count - 1) + ", found " + token);
            }
        }
    }

    /**
     * The cross-entropy of logits, averaged over the tokens that have a label; NaN if none has.
     *
     * @param logits [texts, tokens, vocabulary]
     * @param labels [texts, tokens]; −100 for a token without label
     * @throws IllegalArgumentException if the shapes differ or a label is out of range
     */
    public static double loss(Tensor logits, int[][] labels) {
        Losses.checkLabels(labels, logits.dim(0), text -> logits.dim(1), logits.dim(2));
        Losses.Mean mean = new Losses.Mean();
        for (int i = 0; i < labels.length; i++) {
            Tensor rows = logits.slice(i, 1).view(logits.dim(1), logits.dim(2));
            for (int token : Losses.labelled(labels[i]))
                mean.add(rows.slice(token, 1).toArray(), labels[i][token]);
        }
        return mean.value();
    }

    /**
     * The {@linkplain #loss(Tensor, int[][]) loss} of every text i, given image i. Only tokens that have a label are
     * predicted, in bounded memory.
     *
     * @param labels for each token of each text its label; −100 for none
     * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}, or if there is not a label for each token or one
     *     is out of range
     * @throws WrongThreadException if an input is confined to another thread
     * @throws IllegalStateException if the model is closed, or the memory of an input is freed
     */
    public double loss(TextInputs texts, ImageInputs images, int[][] labels) {
        Losses.checkLabels(
                labels, texts.size(), texts::length, head.parameters().vocabulary());
        int[][] labelled = Arrays.stream(labels).map(Losses::labelled).toArray(int[][]::new);
        TextBatch batch = batch(texts, images, true);
        Losses.Mean mean = new Losses.Mean();
        rows.stream(
                workspace -> features(workspace, batch, images, labelled),
                labelled,
                (text, token, logits) -> mean.add(logits, labels[text][token]));
        return mean.value();
    }

    /** Frees the head, and the trunk if this model loaded it. Closing again does nothing. */
    @Override
    public void close() {
        head.close();
    }

    private static String settings(BridgeTowerConfig config) {
        return new ModelIdentity.Settings()
                .add("hidden_act", config.hiddenAct())
                .add("tie_word_embeddings", config.tieWordEmbeddings())
                .toString();
    }
}
