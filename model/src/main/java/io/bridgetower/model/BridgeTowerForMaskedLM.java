package io.bridgetower.model;

import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.Workspace;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * BridgeTower with the masked language modelling head (MLM): which words belong in the gaps of a text, given the image.
 *
 * <p>Safe for use by several threads at once. {@link #close} frees the head, and the trunk where it came with it.
 */
public final class BridgeTowerForMaskedLM implements AutoCloseable {
    private final Head<MaskedLMHead> head;

    private BridgeTowerForMaskedLM(Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk)
            throws IOException {
        head = new Head<>(
                checkpoint,
                trunk,
                ownsTrunk,
                trunk.identity().withHead(checkpoint.heads(), settings(trunk.config()), "mlm_score."),
                (heads, config) ->
                        new MaskedLMHead(heads, trunk.memory().parameters(checkpoint.trunk(), heads.arena()), config));
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
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
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
     * Predicts every token of text i, given image i.
     *
     * @return [texts, tokens of the longest text, vocabulary]; zero past the end of a shorter text. Its memory is freed
     *     when it is no longer reachable
     * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}
     * @throws IllegalStateException if the model is closed
     */
    public Tensor logits(TextInputs texts, ImageInputs images) {
        return head.run(workspace -> {
            Tensor features = features(workspace, texts, images);
            int[] shape = features.shape();
            Tensor logits = Tensor.allocate(
                    Arena.ofAuto(), shape[0], shape[1], head.parameters().vocabulary());
            for (int i = 0; i < shape[0]; i++) {
                // Rows past the end of a shorter text stay zero.
                Matrix rows = Matrix.of(features.slice(i, 1)).rows(0, texts.length(i));
                Matrix to = Matrix.of(logits.slice(i, 1)).rows(0, texts.length(i));
                head.parameters().forward(workspace, rows, to);
            }
            return logits;
        });
    }

    /** As {@link #logits(TextInputs, ImageInputs)}, from ids, a mask that may be null, and pixels. */
    public Tensor logits(int[][] inputIds, int[][] attentionMask, Tensor pixelValues) {
        return logits(TextInputs.of(inputIds, attentionMask), ImageInputs.of(pixelValues));
    }

    /**
     * Predicts some tokens only.
     *
     * @param tokens for each text the indices of the tokens to predict
     * @return for each text and each of its indices the logits of the vocabulary
     * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}, or if an index is masked or out of range
     * @throws IllegalStateException if the model is closed
     */
    public float[][][] logitsAt(TextInputs texts, ImageInputs images, int[][] tokens) {
        if (tokens.length != texts.size()) {
            throw new IllegalArgumentException("tokens: expected " + texts.size() + " texts, found " + tokens.length);
        }
        TextBatch batch = trunk().batch(texts, false);
        trunk().trunk().imageTokens(images);
        BridgeTowerModel.checkPairs(batch.size(), images.size());
        return head.run(
                workspace -> logitsAt(workspace, trunk().trunk().encode(workspace, batch, images, null), tokens));
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
        if (tokens.length != pairing.size()) {
            throw new IllegalArgumentException("tokens: expected " + pairing.size() + " pairs, found " + tokens.length);
        }
        return head.read(
                texts, images, pairing, (workspace, reading) -> logitsAt(workspace, reading.encoded(), tokens));
    }

    private float[][][] logitsAt(Workspace workspace, EncodedPairs encoded, int[][] tokens) {
        for (int i = 0; i < tokens.length; i++) checkTokens(i, tokens[i], encoded.texts()[i].tokens());
        Matrix features = trunk().trunk().textRows(workspace, encoded, tokens);
        float[][][] logits = new float[tokens.length][][];
        for (int i = 0, row = 0; i < tokens.length; row += tokens[i++].length) {
            logits[i] = logits(workspace, features.rows(row, tokens[i].length));
        }
        return logits;
    }

    private float[][] logits(Workspace workspace, Matrix features) {
        long mark = workspace.mark();
        Matrix logits = workspace.matrix(features.rows(), head.parameters().vocabulary());
        head.parameters().forward(workspace, features, logits);
        float[][] values = new float[features.rows()][];
        for (int i = 0; i < values.length; i++) values[i] = logits.rows(i, 1).toArray();
        workspace.release(mark);
        return values;
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
     * The cross-entropy of logits, averaged over the tokens that have a label.
     *
     * @param logits [texts, tokens, vocabulary]
     * @param labels [texts, tokens]; −100 for a token without label
     * @throws IllegalArgumentException if the shapes differ or a label is out of range
     */
    public static double loss(Tensor logits, int[][] labels) {
        int[] flat = Arrays.stream(labels).flatMapToInt(Arrays::stream).toArray();
        int vocabulary = logits.dim(-1);
        if (flat.length != (long) logits.dim(0) * logits.dim(1)) {
            throw new IllegalArgumentException("labels: expected [" + logits.dim(0) + ", " + logits.dim(1) + "]");
        }
        Tensor rows = logits.view(flat.length, vocabulary);
        float[][] labelled = new float[flat.length][];
        for (int i = 0; i < flat.length; i++) {
            labelled[i] = flat[i] == Losses.IGNORED ? null : rows.slice(i, 1).toArray();
        }
        return Losses.crossEntropy(labelled, flat);
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

    private Tensor features(Workspace workspace, TextInputs texts, ImageInputs images) {
        TextBatch batch = trunk().batch(texts, true);
        Trunk trunk = trunk().trunk();
        trunk.imageTokens(images);
        BridgeTowerModel.checkPairs(batch.size(), images.size());
        return trunk.textFeatures(workspace, trunk.encode(workspace, batch, images, null));
    }
}
