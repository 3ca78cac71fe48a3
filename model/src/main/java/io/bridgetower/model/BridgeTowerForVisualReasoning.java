package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.EncodedPairs;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.tensor.TensorInfo;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.layers.Trunk;
import io.bridgetower.model.runtime.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * BridgeTower with the head for NLVR2: whether a sentence is true of two images. Each image is fused with the text by itself,
 * the first with token type {@value #FIRST}, the second with token type {@value #SECOND}.
 *
 * <p>Safe for use by several threads at once. {@link #close} frees the head, and the trunk where it came with it.
 */
public final class BridgeTowerForVisualReasoning extends TaskClassifier {
    private static final TaskHead HEAD = TaskHead.VISUAL_REASONING;

    /** Token type of the first image. */
    public static final int FIRST = 1;

    /** Token type of the second image. */
    public static final int SECOND = 2;

    private static final String TOKEN_TYPES = "token_type_embeddings.weight";

    private BridgeTowerForVisualReasoning(Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk)
            throws IOException {
        if (trunk.config().modalityTypeVocabSize() <= SECOND) {
            TensorInfo types = checkpoint.trunk().info(TOKEN_TYPES);
            throw new MalformedFileException(
                    types.file(),
                    types.name(),
                    "has " + types.shape()[0] + " token types, expected 3: texts, first images and second images");
        }
        super(HEAD, checkpoint, trunk, ownsTrunk);
    }

    /**
     * Loads a model directory, trunk and head.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     */
    public static BridgeTowerForVisualReasoning load(Path directory) throws IOException {
        return load(directory, ModelOptions.defaults());
    }

    /** As {@link #load(Path)}, with options. */
    public static BridgeTowerForVisualReasoning load(Path directory, ModelOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory, options.variant())) {
            TaskClassifier.require(HEAD, checkpoint);
            return Head.withTrunk(
                    checkpoint, options, trunk -> new BridgeTowerForVisualReasoning(checkpoint, trunk, true));
        }
    }

    /**
     * Loads the head alone, on a trunk that stays its owner's to close.
     *
     * @throws IOException if a tensor of the head is missing or has another shape than the configuration says, or the
     *     configuration names another number of labels
     */
    public static BridgeTowerForVisualReasoning load(Checkpoint checkpoint, BridgeTowerModel trunk) throws IOException {
        return new BridgeTowerForVisualReasoning(checkpoint, trunk, false);
    }

    /** Whether a checkpoint holds this head. */
    public static boolean isIn(Checkpoint checkpoint) {
        return TaskClassifier.isIn(HEAD, checkpoint);
    }

    /**
     * Judges text i with the first and the second image i.
     *
     * @param first of any token type; {@link #FIRST} is taken
     * @param second likewise; {@link #SECOND} is taken
     * @return a logit for each label, of every text
     * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}
     * @throws IllegalStateException if the model is closed
     */
    public float[][] logits(TextInputs texts, ImageInputs first, ImageInputs second) {
        ImageInputs firsts = first.withTokenTypeIdx(FIRST), seconds = second.withTokenTypeIdx(SECOND);
        TextBatch batch = trunk().batch(texts, false);
        Trunk trunk = trunk().trunk();
        for (ImageInputs images : List.of(firsts, seconds)) {
            trunk.imageTokens(images);
            BridgeTowerModel.checkPairs(batch.size(), images.size());
        }
        try (var computation = begin()) {
            Workspace workspace = computation.workspace();
            EncodedPairs left = trunk.encode(workspace, batch, firsts, null);
            return logits(workspace, left, trunk.withImages(workspace, left, seconds));
        }
    }

    /** As {@link #logits(TextInputs, ImageInputs, ImageInputs)}, from ids, a mask that may be null, and pixels. */
    public float[][] logits(int[][] inputIds, int[][] attentionMask, Tensor firstPixels, Tensor secondPixels) {
        return logits(
                TextInputs.of(inputIds, attentionMask), ImageInputs.of(firstPixels), ImageInputs.of(secondPixels));
    }

    /**
     * Judges text i with the first and the second image i, all encoded before, on all threads; the same bits as from ids and
     * pixels, where the encodings keep 32 bits.
     *
     * @param first encoded with token type {@link #FIRST}; an encoding may be there any number of times, as in all three
     * @param second encoded with token type {@link #SECOND}
     * @return a logit for each label, of every text
     * @throws IllegalArgumentException if the arrays differ in length, or an encoding has another token type or is for another
     *     model
     * @throws IllegalStateException if the model or an encoding is closed
     */
    public float[][] logits(TextEncoding[] texts, ImageEncoding[] first, ImageEncoding[] second) {
        BridgeTowerModel.checkPairs(texts.length, first.length);
        BridgeTowerModel.checkPairs(texts.length, second.length);
        checkType("first", first, FIRST);
        checkType("second", second, SECOND);
        Pairing pairing = Pairing.oneToOne(texts.length);
        try (var computation = begin();
                var left = trunk().reading(texts, first, pairing);
                var right = trunk().reading(texts, second, pairing)) {
            return logits(computation.workspace(), left.encoded(), right.encoded());
        }
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

    private float[][] logits(Workspace workspace, EncodedPairs first, EncodedPairs second) {
        int width = 2 * trunk().config().hiddenSize();
        Matrix both = workspace.matrix(first.size(), 2 * width);
        pool(workspace, first, both.columns(0, width));
        pool(workspace, second, both.columns(width, width));
        return logits(workspace, both);
    }

    private void pool(Workspace workspace, EncodedPairs pairs, Matrix into) {
        Matrix pooled = trunk().trunk().pooled(workspace, pairs);
        for (int i = 0; i < pooled.rows(); i++) Rows.copy(pooled, i, into, i);
    }

    private static void checkType(String which, ImageEncoding[] images, int type) {
        for (int i = 0; i < images.length; i++) {
            if (images[i].tokenTypeIdx() == type) continue;
            throw new IllegalArgumentException(which + " image " + i + ": expected an encoding with token type " + type
                    + ", found " + images[i].tokenTypeIdx());
        }
    }
}
