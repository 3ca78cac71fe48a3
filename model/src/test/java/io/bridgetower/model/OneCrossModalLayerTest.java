package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.checkpoint.RandomWeights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the first cross-modal layer is also the last, of which only the first rows are computed. */
class OneCrossModalLayerTest {
    private static final int[][] IDS = {{0, 7, 2}, {0, 8, 9, 10, 2}};

    @TempDir
    private Path directory;

    @Test
    void theFirstRowsAreThoseOfTheWholeLayer() throws IOException {
        RandomWeights.write(config(), 3, directory);
        try (Arena arena = Arena.ofConfined();
                BridgeTowerModel model = BridgeTowerModel.load(directory, new ModelOptions(1))) {
            Tensor pixels = Tensor.allocate(arena, 2, 3, 32, 32);
            for (int i = 0; i < 32; i++) pixels.set(i / 8f, i % 2, i % 3, i, 31 - i);
            TextEncoding[] texts = model.encodeTexts(IDS, null);
            ImageEncoding[] images = model.encodeImages(pixels);
            float[] whole = model.forward(IDS, null, pixels).poolerOutput().toArray();
            float[] firstRows = model.memory().run(workspace -> {
                try (Reading reading = model.reading(texts, images, Pairing.oneToOne(2))) {
                    return model.trunk()
                            .pooled(workspace, reading.texts(), reading.images())
                            .toArray();
                }
            });
            assertArrayEquals(whole, firstRows, 1e-6f);
        }
    }

    private static BridgeTowerConfig config() {
        return BridgeTowerConfig.builder()
                .hiddenSize(32)
                .numHiddenLayers(1)
                .numAttentionHeads(2)
                .textConfig(BridgeTowerTextConfig.builder()
                        .vocabSize(20)
                        .hiddenSize(32)
                        .numHiddenLayers(2)
                        .numAttentionHeads(2)
                        .intermediateSize(64)
                        .maxPositionEmbeddings(20)
                        .build())
                .visionConfig(BridgeTowerVisionConfig.builder()
                        .hiddenSize(64)
                        .numHiddenLayers(2)
                        .imageSize(32)
                        .patchSize(16)
                        .build())
                .build();
    }
}
