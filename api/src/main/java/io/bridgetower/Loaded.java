package io.bridgetower;

import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.processor.BridgeTowerProcessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a model directory holds, loaded: the trunk once, and every head on it.
 *
 * @param matching null if the checkpoint has none; so the other heads
 */
record Loaded(
        Path directory,
        BridgeTowerProcessor processor,
        BridgeTowerModel trunk,
        BridgeTowerForImageAndTextRetrieval matching,
        BridgeTowerForMaskedLM maskedLM,
        BridgeTowerForContrastiveLearning contrastive)
        implements AutoCloseable {
    static Loaded load(Path directory, ModelOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory, options.variant())) {
            BridgeTowerProcessor processor = ModelProcessors.load(checkpoint);
            BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options);
            BridgeTowerForImageAndTextRetrieval matching = null;
            BridgeTowerForMaskedLM maskedLM = null;
            BridgeTowerForContrastiveLearning contrastive = null;
            try {
                if (BridgeTowerForImageAndTextRetrieval.isIn(checkpoint)) {
                    matching = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk);
                }
                if (BridgeTowerForMaskedLM.isIn(checkpoint)) {
                    maskedLM = BridgeTowerForMaskedLM.load(checkpoint, trunk);
                }
                if (BridgeTowerForContrastiveLearning.isIn(checkpoint)) {
                    contrastive = BridgeTowerForContrastiveLearning.load(checkpoint, trunk);
                }
                return new Loaded(directory, processor, trunk, matching, maskedLM, contrastive);
            } catch (IOException | RuntimeException | Error e) {
                new Loaded(directory, processor, trunk, matching, maskedLM, contrastive).close();
                throw e;
            }
        }
    }

    Set<Head> heads() {
        Set<Head> heads = EnumSet.noneOf(Head.class);
        if (matching != null) heads.add(Head.MATCHING);
        if (maskedLM != null) heads.add(Head.MASKED_LM);
        if (contrastive != null) heads.add(Head.CONTRASTIVE);
        return Collections.unmodifiableSet(heads);
    }

    static <M> M required(M model, Head head, Loaded loaded) {
        if (model != null) return model;
        throw new UnsupportedOperationException(loaded.directory + ": the checkpoint has no " + head + " head ("
                + head.tensors() + ".*), which " + head.methods() + " need; it has " + loaded.heads());
    }

    @Override
    public void close() {
        if (contrastive != null) contrastive.close();
        if (maskedLM != null) maskedLM.close();
        if (matching != null) matching.close();
        trunk.close();
    }
}
