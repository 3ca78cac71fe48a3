package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.InvalidFieldException;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.layers.Classifier;
import io.bridgetower.model.runtime.ModelMemory;
import java.io.IOException;
import java.util.List;

/** What the models with a {@link TaskHead} have in common: the head on its trunk, and names for its outputs. */
abstract sealed class TaskClassifier implements AutoCloseable
        permits TaskClassifier.OfPairs, BridgeTowerForVisualReasoning {
    private final Head<Classifier> head;
    private final List<String> labels;

    TaskClassifier(TaskHead task, Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk) throws IOException {
        int count = labelCount(task, checkpoint, trunk.config());
        labels = names(task, checkpoint, trunk.config(), count);
        head = new Head<>(
                checkpoint,
                trunk,
                ownsTrunk,
                trunk.identity().withHead(checkpoint.heads(), "", task.tensors() + "."),
                (heads, config) -> new Classifier(heads, task, config, count));
    }

    static boolean isIn(TaskHead task, Checkpoint checkpoint) {
        return checkpoint.heads().has(task.firstWeight());
    }

    /** Demands that a checkpoint holds a head, before all of it is loaded. */
    static void require(TaskHead task, Checkpoint checkpoint) throws MalformedFileException {
        checkpoint.heads().info(task.firstWeight());
    }

    /** Number of outputs of a head that a checkpoint holds. */
    static int labelCount(TaskHead task, Checkpoint checkpoint, BridgeTowerConfig config)
            throws MalformedFileException {
        long[] shape = checkpoint
                .heads()
                .info(task.lastWeight(config.taskHeadLayers()))
                .shape();
        // Another rank is refused where the weight is read.
        return shape.length == 0 ? 1 : (int) Math.clamp(shape[0], 1, Integer.MAX_VALUE);
    }

    /** The trunk. */
    public final BridgeTowerModel trunk() {
        return head.model();
    }

    /**
     * What tells the results of this model from those of others: as {@link BridgeTowerModel#fingerprint}, of the trunk and
     * this head; throws as that.
     */
    public final String fingerprint() {
        return head.fingerprint();
    }

    /**
     * The names of the outputs, one for each logit: {@code id2label} of the configuration, or else those of the data set, or
     * else {@code LABEL_0} and so on.
     */
    public final List<String> labels() {
        return labels;
    }

    /** Frees the head, and the trunk if this model loaded it. Closing again does nothing. */
    @Override
    public final void close() {
        head.close();
    }

    /** As {@link Head#begin}. */
    final ModelMemory.Computation begin() {
        return head.begin();
    }

    /** @param pooled [rows, in], on the workspace */
    final float[][] logits(Workspace workspace, Matrix pooled) {
        Matrix logits = head.parameters().forward(workspace, pooled);
        float[][] rows = new float[logits.rows()][];
        for (int i = 0; i < rows.length; i++) rows[i] = logits.rows(i, 1).toArray();
        return rows;
    }

    /** A head that reads a text with one image. */
    abstract static sealed class OfPairs extends TaskClassifier
            permits BridgeTowerForQuestionAnswering, BridgeTowerForVisualEntailment {
        OfPairs(TaskHead task, Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk) throws IOException {
            super(task, checkpoint, trunk, ownsTrunk);
        }

        /**
         * Reads text i with image i.
         *
         * @return a logit for each label, of every pair
         * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}
         * @throws IllegalStateException if the model is closed
         */
        public final float[][] logits(TextInputs texts, ImageInputs images) {
            TextBatch batch = trunk().batch(texts, false);
            trunk().trunk().imageTokens(images);
            BridgeTowerModel.checkPairs(batch.size(), images.size());
            try (var computation = begin()) {
                Workspace workspace = computation.workspace();
                return logits(workspace, super.head.pooled(workspace, batch, images));
            }
        }

        /** As {@link #logits(TextInputs, ImageInputs)}, from ids, a mask that may be null, and pixels. */
        public final float[][] logits(int[][] inputIds, int[][] attentionMask, Tensor pixelValues) {
            return logits(TextInputs.of(inputIds, attentionMask), ImageInputs.of(pixelValues));
        }

        /**
         * Reads pairs of texts and images that were encoded before, on all threads; the same bits as from ids and pixels,
         * where the encodings keep 32 bits.
         *
         * @param pairing which text goes with which image; an encoding may be in any number of pairs
         * @return a logit for each label, of every pair
         * @throws IllegalArgumentException if the pairing does not fit the arrays, or an encoding is for another model
         * @throws IllegalStateException if the model or an encoding is closed
         */
        public final float[][] logits(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing) {
            try (var computation = begin();
                    var reading = trunk().reading(texts, images, pairing)) {
                Workspace workspace = computation.workspace();
                return logits(workspace, trunk().trunk().pooled(workspace, reading.encoded()));
            }
        }

        /** As {@link #logits(TextEncoding[], ImageEncoding[], Pairing)}, text i with image i. */
        public final float[][] logits(TextEncoding[] texts, ImageEncoding[] images) {
            BridgeTowerModel.checkPairs(texts.length, images.length);
            return logits(texts, images, Pairing.oneToOne(texts.length));
        }
    }

    private static List<String> names(TaskHead task, Checkpoint checkpoint, BridgeTowerConfig config, int count)
            throws MalformedFileException {
        try {
            return task.labels(config, count);
        } catch (InvalidFieldException e) {
            throw new MalformedFileException(checkpoint.directory().resolve("config.json"), e.field(), e.problem(), e);
        }
    }
}
