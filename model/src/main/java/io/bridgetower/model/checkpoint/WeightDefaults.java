package io.bridgetower.model.checkpoint;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.TaskHead;

/**
 * Fields that a configuration may leave out because the shapes of the weights tell them. The reference leaves out what
 * equals its defaults, and for the number of token types its documentation and its code name different ones.
 */
final class WeightDefaults {
    private static final String TEXT_TYPES = "embeddings.token_type_embeddings.weight";
    private static final String MODALITY_TYPES = "token_type_embeddings.weight";

    /** More are refused where the weight is read, which has another shape then. */
    private static final int MAX_TYPES = 1 << 16;

    private WeightDefaults() {}

    /**
     * The defaults of a checkpoint.
     *
     * @param text the tensors of the text model
     */
    static BridgeTowerConfig of(Weights heads, Weights trunk, Weights text) throws MalformedFileException {
        BridgeTowerConfig.Builder defaults = BridgeTowerConfig.builder();
        long textTypes = rows(text, TEXT_TYPES), types = rows(trunk, MODALITY_TYPES);
        if (textTypes >= 0) {
            defaults.textConfig(BridgeTowerTextConfig.builder()
                    .typeVocabSize(Math.clamp(textTypes, 1, MAX_TYPES))
                    .build());
        }
        if (types >= 0) defaults.modalityTypeVocabSize(Math.clamp(types, 2, MAX_TYPES));
        for (TaskHead head : TaskHead.values()) {
            if (!heads.has(head.firstWeight())) continue;
            boolean two = heads.has(head.lastWeight(2));
            defaults.taskHeadLayers(two ? 2 : 1);
            if (two)
                defaults.headHiddenScale(
                        scale(head, heads.info(head.firstWeight()).shape()));
            break;
        }
        return defaults.build();
    }

    /** Of a first layer, [2 · hidden · scale, images · 2 · hidden]. */
    private static int scale(TaskHead head, long[] shape) {
        if (shape.length != 2 || shape[1] < head.images()) return 1;
        return Math.clamp(shape[0] / (shape[1] / head.images()), 1, BridgeTowerConfig.MAX_HEAD_HIDDEN_SCALE);
    }

    /** Rows of a tensor; -1 if there is none. */
    private static long rows(Weights weights, String name) throws MalformedFileException {
        long[] shape = weights.has(name) ? weights.info(name).shape() : new long[0];
        return shape.length == 0 ? -1 : shape[0];
    }
}
