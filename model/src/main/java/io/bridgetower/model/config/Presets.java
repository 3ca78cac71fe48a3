package io.bridgetower.model.config;

/** The models of the paper. */
final class Presets {
    private Presets() {}

    static BridgeTowerConfig base() {
        return BridgeTowerConfig.builder()
                .textConfig(BridgeTowerTextConfig.builder().typeVocabSize(1).build())
                .build();
    }

    static BridgeTowerConfig large() {
        return BridgeTowerConfig.builder()
                .hiddenSize(1024)
                .numAttentionHeads(16)
                .textConfig(BridgeTowerTextConfig.builder()
                        .hiddenSize(1024)
                        .numHiddenLayers(24)
                        .numAttentionHeads(16)
                        .intermediateSize(4096)
                        .typeVocabSize(1)
                        .build())
                .visionConfig(BridgeTowerVisionConfig.builder()
                        .hiddenSize(1024)
                        .numHiddenLayers(24)
                        .patchSize(14)
                        .imageSize(294)
                        .build())
                .build();
    }
}
