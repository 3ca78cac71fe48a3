package io.bridgetower.model;

import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.Weights;
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

/** What the models with a {@link TaskHead} have in common: the head, and names for its outputs. */
final class TaskClassifier implements AutoCloseable {
    private final Head<Classifier> head;
    private final List<String> labels;

    TaskClassifier(TaskHead task, Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk) throws IOException {
        int count = labels(task, checkpoint, trunk.config());
        labels = names(task, checkpoint, trunk.config(), count);
        head = new Head<>(
                checkpoint,
                trunk,
                ownsTrunk,
                trunk.identity().withHead(checkpoint.heads(), "", task.tensors() + "."),
                (heads, config) -> new Classifier(heads, task, config, count));
    }

    static boolean isIn(TaskHead task, Checkpoint checkpoint) {
        return checkpoint.heads().sub(task.tensors()).has(Classifier.PRESENT);
    }

    /** Demands that a checkpoint holds a head, before all of it is loaded. */
    static void require(TaskHead task, Checkpoint checkpoint) throws MalformedFileException {
        checkpoint.heads().sub(task.tensors()).info(Classifier.PRESENT);
    }

    BridgeTowerModel model() {
        return head.model();
    }

    String fingerprint() {
        return head.fingerprint();
    }

    /** A name for each output. */
    List<String> labels() {
        return labels;
    }

    /** As {@link Head#begin}. */
    ModelMemory.Computation begin() {
        return head.begin();
    }

    /** The logits of text i with image i. */
    float[][] logits(TextInputs texts, ImageInputs images) {
        TextBatch batch = model().batch(texts, false);
        model().trunk().imageTokens(images);
        BridgeTowerModel.checkPairs(batch.size(), images.size());
        try (var computation = begin()) {
            Workspace workspace = computation.workspace();
            return logits(workspace, head.pooled(workspace, batch, images));
        }
    }

    /** The logits of pairs of encodings. */
    float[][] logits(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing) {
        try (var computation = begin();
                var reading = model().reading(texts, images, pairing)) {
            Workspace workspace = computation.workspace();
            return logits(workspace, model().trunk().pooled(workspace, reading.encoded()));
        }
    }

    /** @param pooled [rows, in], on the workspace */
    float[][] logits(Workspace workspace, Matrix pooled) {
        Matrix logits = head.parameters().forward(workspace, pooled);
        float[][] rows = new float[logits.rows()][];
        for (int i = 0; i < rows.length; i++) rows[i] = logits.rows(i, 1).toArray();
        return rows;
    }

    @Override
    public void close() {
        head.close();
    }

    private static int labels(TaskHead task, Checkpoint checkpoint, BridgeTowerConfig config)
            throws MalformedFileException {
        Weights weights = checkpoint.heads().sub(task.tensors());
        long[] shape = weights.info(Classifier.outputWeight(config)).shape();
        // Another rank is refused where the weight is read.
        return shape.length == 0 ? 1 : (int) Math.clamp(shape[0], 1, Integer.MAX_VALUE);
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
