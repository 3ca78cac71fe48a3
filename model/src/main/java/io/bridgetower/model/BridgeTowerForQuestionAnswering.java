package io.bridgetower.model;

import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.model.runtime.Losses;
import java.io.IOException;
import java.nio.file.Path;

/**
 * BridgeTower with the head for VQAv2: which of a list of answers fits a question about an image. The names of the
 * answers are those that config.json holds; checkpoints of the authors do not hold them.
 *
 * <p>Safe for use by several threads at once. {@link #close} frees the head, and the trunk where it came with it.
 */
public final class BridgeTowerForQuestionAnswering extends TaskClassifier.OfPairs {
    private static final TaskHead HEAD = TaskHead.QUESTION_ANSWERING;

    private BridgeTowerForQuestionAnswering(Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk)
            throws IOException {
        super(HEAD, checkpoint, trunk, ownsTrunk);
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

    /**
     * Number of answers that the head of a checkpoint chooses from.
     *
     * @throws IOException if there is no such head
     */
    public static int labelCount(Checkpoint checkpoint) throws IOException {
        return TaskClassifier.labelCount(HEAD, checkpoint, checkpoint.config());
    }

    /** The probability that an answer is right, apart from all others: the sigmoid of its logit. */
    public static double probability(float logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    /** The {@link #probability} of each answer; they do not add up to 1. */
    public static double[] probabilities(float[] logits) {
        double[] probabilities = new double[logits.length];
        for (int i = 0; i < logits.length; i++) probabilities[i] = probability(logits[i]);
        return probabilities;
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
}
