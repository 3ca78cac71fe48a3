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
 * BridgeTower with the head for VQAv2: which of a list of answers fits a question about an image.
 *
 * <p>Safe for use by several threads at once. {@link #close} frees the head, and the trunk where it came with it.
 */
public final class BridgeTowerForQuestionAnswering implements AutoCloseable {
    private static final TaskHead HEAD = TaskHead.QUESTION_ANSWERING;

    private final TaskClassifier classifier;

    private BridgeTowerForQuestionAnswering(Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk)
            throws IOException {
        classifier = new TaskClassifier(HEAD, checkpoint, trunk, ownsTrunk);
    }

    /**
     * Loads a model directory, trunk and head.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     */
    public static BridgeTowerForQuestionAnswering load(Path directory) throws IOException {
        return load(directory, ModelOptions.defaults());
    }

    /** As {@link #load(Path)}, with options. */
    public static BridgeTowerForQuestionAnswering load(Path directory, ModelOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory, options.variant())) {
            TaskClassifier.require(HEAD, checkpoint);
            return Head.withTrunk(
                    checkpoint, options, trunk -> new BridgeTowerForQuestionAnswering(checkpoint, trunk, true));
        }
    }

    /**
     * Loads the head alone, on a trunk that stays its owner's to close.
     *
     * @throws IOException if a tensor of the head is missing or has another shape than the configuration says, or the
     *     configuration names another number of labels
     */
    public static BridgeTowerForQuestionAnswering load(Checkpoint checkpoint, BridgeTowerModel trunk)
            throws IOException {
        return new BridgeTowerForQuestionAnswering(checkpoint, trunk, false);
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

    /**
     * The answers, one for each logit: {@code id2label} of the configuration, or else {@code LABEL_0} and so on. Checkpoints
     * of the authors do not hold them.
     */
    public List<String> labels() {
        return classifier.labels();
    }

    /**
     * Answers text i with image i.
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
     * Answers pairs of texts and images that were encoded before, on all threads; the same bits as from ids and pixels,
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

    /** The probability that an answer is right, apart from all others: the sigmoid of its logit. */
    public static double probability(float logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    /**
     * The binary cross-entropy of logits, averaged over pairs and summed over answers.
     *
     * @param targets for each pair and answer a score from 0 to 1: how right the answer is
     * @throws IllegalArgumentException if there is not a target for each logit, or one is out of range
     */
    public static double loss(float[][] logits, float[][] targets) {
        return Losses.binaryCrossEntropy(logits, targets);
    }

    /** Frees the head, and the trunk if this model loaded it. Closing again does nothing. */
    @Override
    public void close() {
        classifier.close();
    }
}
