package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.runtime.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * BridgeTower with the head for SNLI-VE: whether an image contradicts a sentence, leaves it open or entails it.
 *
 * <p>Safe for use by several threads at once. {@link #close} frees the head, and the trunk where it came with it.
 */
public final class BridgeTowerForVisualEntailment implements AutoCloseable {
    private static final TaskHead HEAD = TaskHead.VISUAL_ENTAILMENT;

    private final TaskClassifier classifier;

    private BridgeTowerForVisualEntailment(Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk)
            throws IOException {
        classifier = new TaskClassifier(HEAD, checkpoint, trunk, ownsTrunk);
    }

    /**
     * Loads a model directory, trunk and head.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     */
    public static BridgeTowerForVisualEntailment load(Path directory) throws IOException {
        return load(directory, ModelOptions.defaults());
    }

    /** As {@link #load(Path)}, with options. */
    public static BridgeTowerForVisualEntailment load(Path directory, ModelOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory, options.variant())) {
            TaskClassifier.require(HEAD, checkpoint);
            return Head.withTrunk(
                    checkpoint, options, trunk -> new BridgeTowerForVisualEntailment(checkpoint, trunk, true));
        }
    }

    /**
     * Loads the head alone, on a trunk that stays its owner's to close.
     *
     * @throws IOException if a tensor of the head is missing or has another shape than the configuration says, or the
     *     configuration names another number of labels
     */
    public static BridgeTowerForVisualEntailment load(Checkpoint checkpoint, BridgeTowerModel trunk)
            throws IOException {
        return new BridgeTowerForVisualEntailment(checkpoint, trunk, false);
    }

    /** Whether a checkpoint holds this head. */
    public static boolean isIn(Checkpoint checkpoint) {
        return TaskClassifier.isIn(HEAD, checkpoint);
    }

    /** The trunk. */
    public BridgeTowerModel trunk() {
        return classifier.model();
    }

    /**
     * What tells the results of this model from those of others: as {@link BridgeTowerModel#fingerprint}, of the trunk and
     * this head; throws as that.
     */
    public String fingerprint() {
        return classifier.fingerprint();
    }

    /** The names of the logits: contradiction, neutral, entailment, or {@code id2label} of the configuration. */
    public List<String> labels() {
        return classifier.labels();
    }

    /**
     * Judges text i with image i.
     *
     * @return a logit for each label, of every pair
     * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}
     * @throws IllegalStateException if the model is closed
     */
    public float[][] logits(TextInputs texts, ImageInputs images) {
        return classifier.logits(texts, images);
    }

    /** As {@link #logits(TextInputs, ImageInputs)}, from ids, a mask that may be null, and pixels. */
    public float[][] logits(int[][] inputIds, int[][] attentionMask, Tensor pixelValues) {
        return logits(TextInputs.of(inputIds, attentionMask), ImageInputs.of(pixelValues));
    }

    /**
     * Judges pairs of texts and images that were encoded before, on all threads; the same bits as from ids and pixels,
     * where the encodings keep 32 bits.
     *
     * @param pairing which text goes with which image; an encoding may be in any number of pairs
     * @return a logit for each label, of every pair
     * @throws IllegalArgumentException if the pairing does not fit the arrays, or an encoding is for another model
     * @throws IllegalStateException if the model or an encoding is closed
     */
    public float[][] logits(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing) {
        return classifier.logits(texts, images, pairing);
    }

    /** As {@link #logits(TextEncoding[], ImageEncoding[], Pairing)}, text i with image i. */
    public float[][] logits(TextEncoding[] texts, ImageEncoding[] images) {
        BridgeTowerModel.checkPairs(texts.length, images.length);
        return logits(texts, images, Pairing.oneToOne(texts.length));
    }

    /** The probability of each label: the softmax of the logits. */
    public static double[] probabilities(float[] logits) {
        return Losses.softmax(logits);
    }

    /**
     * The cross-entropy of logits, averaged over the pairs.
     *
     * @param labels for each pair the index of its label
     * @throws IllegalArgumentException if their number differs or a label is out of range
     */
    public static double loss(float[][] logits, int[] labels) {
        return Losses.crossEntropy(logits, labels);
    }

    /** Frees the head, and the trunk if this model loaded it. Closing again does nothing. */
    @Override
    public void close() {
        classifier.close();
    }
}
