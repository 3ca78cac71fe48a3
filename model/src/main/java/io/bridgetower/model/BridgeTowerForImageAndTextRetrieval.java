package io.bridgetower.model;

import io.bridgetower.engine.Epilogue;
import io.bridgetower.engine.Linear;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.Workspace;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.function.Function;

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

    private final BridgeTowerModel trunk;
    private final boolean ownsTrunk;
    private final Arena arena = Arena.ofShared();
    private final Linear head;
    private boolean closed;

    private BridgeTowerForImageAndTextRetrieval(Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk)
            throws IOException {
        this.trunk = trunk;
        this.ownsTrunk = ownsTrunk;
        try {
            Parameters heads =
                    new Parameters(checkpoint.heads(), arena, trunk.shards().team());
            head = heads.sub(HEAD).linear("fc", 2 * trunk.config().hiddenSize(), 2);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
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
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            checkpoint.heads().sub(HEAD).info("fc.weight");
            BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options);
            try {
                return new BridgeTowerForImageAndTextRetrieval(checkpoint, trunk, true);
            } catch (IOException | RuntimeException | Error e) {
                trunk.close();
                throw e;
            }
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
        return trunk;
    }

    /**
     * Scores text i with image i.
     *
     * @param inputIds token ids; texts may differ in length
     * @param attentionMask of the same shape, 0 for tokens that only fill up a batch; null if there are none
     * @param pixelValues [texts, channels, height, width]
     * @return two logits for every pair: no match, match
     * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}
     * @throws IllegalStateException if the model is closed
     */
    public float[][] logits(int[][] inputIds, int[][] attentionMask, Tensor pixelValues) {
        TextBatch batch =
                TextBatch.of(inputIds, attentionMask, false, trunk.config().textConfig());
        trunk.checkPixels(pixelValues);
        BridgeTowerModel.checkPairs(batch.size(), pixelValues.dim(0));
        return run(workspace -> trunk.pooled(workspace, batch, pixelValues));
    }

    /**
     * Scores text i with image i, both encoded before; the same bits as from ids and pixels.
     *
     * @return two logits for every pair: no match, match
     * @throws IllegalArgumentException if there are not as many texts as images
     * @throws IllegalStateException if the model is closed
     */
    public float[][] logits(TextEncoding[] texts, ImageEncoding[] images) {
        BridgeTowerModel.checkPairs(texts.length, images.length);
        return run(workspace -> trunk.pooled(workspace, texts, images));
    }

    /** The probability of a match: the softmax of a pair's logits. */
    public static double probability(float[] logits) {
        return 1 / (1 + Math.exp((double) logits[1 - MATCH] - logits[MATCH]));
    }

    /** Frees the head, and the trunk if this model loaded it. Closing again does nothing. */
    @Override
    public void close() {
        trunk.whenIdle(() -> {
            if (closed) return;
            closed = true;
            arena.close();
        });
        if (ownsTrunk) trunk.close();
    }

    private float[][] run(Function<Workspace, Matrix> pooling) {
        return trunk.run(workspace -> {
            if (closed) throw new IllegalStateException("the model is closed");
            Matrix logits = head.apply(workspace, pooling.apply(workspace), Epilogue.NONE);
            float[][] rows = new float[logits.rows()][];
            for (int i = 0; i < rows.length; i++) rows[i] = logits.rows(i, 1).toArray();
            return rows;
        });
    }
}
