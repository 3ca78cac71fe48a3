package io.bridgetower.model;

import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.model.runtime.Losses;
import java.io.IOException;
import java.nio.file.Path;

/**
 * BridgeTower with the head for SNLI-VE: whether an image contradicts a sentence, leaves it open or entails it.
 *
 * <p>Safe for use by several threads at once. {@link #close} frees the head, and the trunk where it came with it.
 */
public final class BridgeTowerForVisualEntailment extends TaskClassifier.OfPairs {
    private static final TaskHead HEAD = TaskHead.VISUAL_ENTAILMENT;

    private BridgeTowerForVisualEntailment(Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk)
            throws IOException {
        super(HEAD, checkpoint, trunk, ownsTrunk);
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
}
