package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.runtime.Losses;
import java.io.IOException;
import java.nio.file.Path;

/**
 * BridgeTower with the matching head (ITM): how well a text describes an image.
 *
 * <p>Safe for use by several threads at once. {@link #close} frees the head, and the trunk where it came with it.
 */
public final class BridgeTowerForImageAndTextRetrieval implements AutoCloseable {
    /** The head's tensors in a checkpoint. */
    private static final String HEAD = "itm_score";

    /** Index of the logit for "the text describes the image". */
    private static final int MATCH = 1;

    private final Head<Linear> head;

    private BridgeTowerForImageAndTextRetrieval(Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk)
            throws IOException {
        head = new Head<>(
                checkpoint,
                trunk,
                ownsTrunk,
                trunk.identity().withHead(checkpoint.heads(), "", HEAD + "."),
                (heads, config) -> heads.sub(HEAD).linear("fc", 2 * config.hiddenSize(), 2));
    }

    /**
     * Loads a model directory, trunk and head.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     */
    public static BridgeTowerForImageAndTextRetrieval load(Path directory) throws IOException {
        return load(directory, ModelOptions.defaults());
    }

    /** As {@link #load(Path)}, with options. */
    public static BridgeTowerForImageAndTextRetrieval load(Path directory, ModelOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory, options.variant())) {
            checkpoint.heads().sub(HEAD).info("fc.weight");
            return Head.withTrunk(
                    checkpoint, options, trunk -> new BridgeTowerForImageAndTextRetrieval(checkpoint, trunk, true));
        }
    }

    /**
     * Loads the head alone, on a trunk that stays its owner's to close.
     *
     * @throws IOException if a tensor of the head is missing or has another shape than the trunk needs
     */
    public static BridgeTowerForImageAndTextRetrieval load(Checkpoint checkpoint, BridgeTowerModel trunk)
            throws IOException {
        return new BridgeTowerForImageAndTextRetrieval(checkpoint, trunk, false);
    }

    /** Whether a checkpoint holds this head. */
    public static boolean isIn(Checkpoint checkpoint) {
        return checkpoint.heads().sub(HEAD).has("fc.weight");
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
     * Scores text i with image i.
     *
     * @return two logits for every pair: no match, match
     * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}
     * @throws IllegalStateException if the model is closed
     */
    public float[][] logits(TextInputs texts, ImageInputs images) {
        TextBatch batch = trunk().batch(texts, false);
        trunk().trunk().imageTokens(images);
        BridgeTowerModel.checkPairs(batch.size(), images.size());
        try (var computation = head.begin()) {
            Workspace workspace = computation.workspace();
            return logits(workspace, head.pooled(workspace, batch, images));
        }
    }

    /** As {@link #logits(TextInputs, ImageInputs)}, from ids, a mask that may be null, and pixels. */
    public float[][] logits(int[][] inputIds, int[][] attentionMask, Tensor pixelValues) {
        return logits(TextInputs.of(inputIds, attentionMask), ImageInputs.of(pixelValues));
    }

    /**
     * Scores pairs of texts and images that were encoded before, on all threads; the same bits as from ids and pixels,
     * where the encodings keep 32 bits.
     *
     * @param pairing which text goes with which image; an encoding may be in any number of pairs
     * @return two logits for every pair: no match, match
     * @throws IllegalArgumentException if the pairing does not fit the arrays, or an encoding is for another model
     * @throws IllegalStateException if the model or an encoding is closed
     */
    public float[][] logits(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing) {
        try (var computation = head.begin();
                var reading = trunk().reading(texts, images, pairing)) {
            Workspace workspace = computation.workspace();
            return logits(workspace, trunk().trunk().pooled(workspace, reading.encoded()));
        }
    }

    /** As {@link #logits(TextEncoding[], ImageEncoding[], Pairing)}, text i with image i. */
    public float[][] logits(TextEncoding[] texts, ImageEncoding[] images) {
        BridgeTowerModel.checkPairs(texts.length, images.length);
        return logits(texts, images, Pairing.oneToOne(texts.length));
    }

    /** The probability of a match: the softmax of a pair's logits. */
    public static double probability(float[] logits) {
        return 1 / (1 + Math.exp((double) logits[1 - MATCH] - logits[MATCH]));
    }

    /**
     * The cross-entropy of logits, averaged over the pairs.
     *
     * @param labels for each pair 1 for a match, 0 for none
     * @throws IllegalArgumentException if their number differs or a label is out of range
     */
    public static double loss(float[][] logits, int[] labels) {
        return Losses.crossEntropy(logits, labels);
    }

    /** Frees the head, and the trunk if this model loaded it. Closing again does nothing. */
    @Override
    public void close() {
        head.close();
    }

    private float[][] logits(Workspace workspace, Matrix pooled) {
        Matrix logits = head.parameters().apply(workspace, pooled, Epilogue.NONE);
        float[][] rows = new float[logits.rows()][];
        for (int i = 0; i < rows.length; i++) rows[i] = logits.rows(i, 1).toArray();
        return rows;
    }
}
