package io.bridgetower.model.config;

/** Configurations of models that are written and loaded in no time: images of 32 pixels in patches of 16, 20 words. */
public final class SmallConfig {
    private SmallConfig() {}

    public static BridgeTowerTextConfig.Builder text(int hidden, int heads) {
        return BridgeTowerTextConfig.builder()
                .vocabSize(20)
                .hiddenSize(hidden)
                .numHiddenLayers(2)
                .numAttentionHeads(heads)
                .intermediateSize(64)
                .maxPositionEmbeddings(20);
    }

    /** A model around a text tower. */
    public static BridgeTowerConfig.Builder model(BridgeTowerTextConfig text, int visionHidden, int crossModalLayers) {
        return BridgeTowerConfig.builder()
                .hiddenSize(text.hiddenSize())
                .numHiddenLayers(crossModalLayers)
                .numAttentionHeads(text.numAttentionHeads())
                .textConfig(text)
                .visionConfig(BridgeTowerVisionConfig.builder()
                        .hiddenSize(visionHidden)
                        .numHiddenLayers(2)
                        .imageSize(32)
                        .patchSize(16)
                        .build());
    }
}
