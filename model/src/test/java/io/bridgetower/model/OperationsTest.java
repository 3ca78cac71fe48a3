package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.config.PositionEmbeddingType;
import org.junit.jupiter.api.Test;

class OperationsTest {
    /** Width 4 everywhere, one layer of each kind, 2 text tokens, 5 image tokens in patches of 1 pixel. */
    @Test
    void equalACountByHand() {
        BridgeTowerConfig config = BridgeTowerConfig.builder()
                .hiddenSize(4)
                .numAttentionHeads(1)
                .numHiddenLayers(1)
                .textConfig(BridgeTowerTextConfig.builder()
                        .hiddenSize(4)
                        .numHiddenLayers(1)
                        .numAttentionHeads(1)
                        .intermediateSize(8)
                        .build())
                .visionConfig(BridgeTowerVisionConfig.builder()
                        .hiddenSize(4)
                        .numHiddenLayers(1)
                        .patchSize(1)
                        .imageSize(2)
                        .build())
                .build();
        Operations operations = new Operations(config);
        // Per token: query, key, value and output 4 · 16 multiply-adds, scores and weighted sum 2 · 4 a key,
        // feed-forward
        // 2 · 32 (2 · 64 in the image tower), bridge 16.
        long text = 2 * 2 * (64 + 2 * 2 * 4 + 64 + 16);
        long image = 2 * (4 * 3 * 4 + 5 * (64 + 2 * 5 * 4 + 128 + 16));
        assertEquals(text, operations.textEncoding(2));
        assertEquals(image, operations.imageEncoding(5));
        // Self- and cross-attention: query and output of the rows, key and value of the rows read.
        long ofText = 2 * (2 * 64 + 2 * 2 * 2 * 4 + 2 * 32 + 5 * 32 + 2 * 2 * 5 * 4 + 2 * 64);
        long ofImage = 2 * (5 * 64 + 5 * 2 * 5 * 4 + 5 * 32 + 2 * 32 + 5 * 2 * 2 * 4 + 5 * 64);
        long poolers = 2 * 2 * 16;
        assertEquals(text + image + ofText + ofImage + poolers, operations.features(2, 5));
        // One row takes the weights of keys and values to itself instead of to 5 rows.
        long first = 2 * (32 + 2 * 32 + 2 * 2 * 4 + 64 + 2 * 5 * 4 + 64);
        assertEquals(text + image + 2 * first + poolers + 2 * 16, operations.matching(2, 5));
    }

    /**
     * The image side alone: 325 tokens meet 12 · 768² weights in each of 12 blocks, as many in each of 5 whole cross-modal
     * layers and 768² on each of 6 bridges, 81 billion operations. Scores, weighted sums and the text side add a sixth.
     */
    @Test
    void areOfTheKnownOrderForTheBaseModel() {
        assertEquals(93e9, new Operations(BridgeTowerConfig.base()).matching(16, 325), 1e9);
    }

    @Test
    void relativePositionsCostAProductOrTwo() {
        long absolute = relative(PositionEmbeddingType.ABSOLUTE), scores = 12 * 2 * 3 * 3 * 768;
        assertEquals(absolute + scores, relative(PositionEmbeddingType.RELATIVE_KEY));
        assertEquals(absolute + 2 * scores, relative(PositionEmbeddingType.RELATIVE_KEY_QUERY));
    }

    private static long relative(PositionEmbeddingType type) {
        BridgeTowerConfig base = BridgeTowerConfig.base();
        BridgeTowerTextConfig text =
                base.textConfig().toBuilder().positionEmbeddingType(type).build();
        return new Operations(base.toBuilder().textConfig(text).build()).textEncoding(3);
    }
}
