package io.bridgetower.cli.model;

import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The dimensions of a model, by their names in config.json. */
final class ModelShape {
    private ModelShape() {}

    static SequencedMap<String, Integer> of(Architecture architecture, Checkpoint checkpoint) throws IOException {
        SequencedMap<String, Integer> shape = new LinkedHashMap<>();
        switch (architecture) {
            case WHOLE -> {
                BridgeTowerConfig config = checkpoint.config();
                shape.put("hidden_size", config.hiddenSize());
                shape.put("num_hidden_layers", config.numHiddenLayers());
                text(shape, "text_config.", config.textConfig());
                vision(shape, "vision_config.", config.visionConfig());
            }
            case TEXT -> text(shape, "", checkpoint.textConfig());
            case VISION -> vision(shape, "", checkpoint.visionConfig());
        }
        return shape;
    }

    private static void text(SequencedMap<String, Integer> shape, String prefix, BridgeTowerTextConfig config) {
        shape.put(prefix + "hidden_size", config.hiddenSize());
        shape.put(prefix + "num_hidden_layers", config.numHiddenLayers());
        shape.put(prefix + "num_attention_heads", config.numAttentionHeads());
        shape.put(prefix + "intermediate_size", config.intermediateSize());
        shape.put(prefix + "vocab_size", config.vocabSize());
        shape.put(prefix + "max_position_embeddings", config.maxPositionEmbeddings());
    }

    private static void vision(SequencedMap<String, Integer> shape, String prefix, BridgeTowerVisionConfig config) {
        shape.put(prefix + "hidden_size", config.hiddenSize());
        shape.put(prefix + "num_hidden_layers", config.numBlocks());
        shape.put(prefix + "image_size", config.imageSize());
        shape.put(prefix + "patch_size", config.patchSize());
    }
}
