package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.PositionEmbeddingType;
import io.bridgetower.model.config.SmallConfig;
import io.bridgetower.model.init.RandomWeights;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.BridgeTowerContrastiveOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contrastive embeddings compute the first token alone in the towers' last layers; its bits are those of the whole layer. */
class FirstTokensTest {
    private static final int[][] IDS = {{0, 7, 8, 2}, {0, 2}, {0, 9, 10, 11, 12, 2}};
    private static final int[][] MASK = {{1, 1, 1, 1}, {1, 1}, {1, 0, 1, 1, 1, 0}};

    @TempDir
    private Path directory;

    /** Widths of 72 and 40 are no multiples of a panel. */
    @ParameterizedTest
    @CsvSource({"ABSOLUTE, false, 64", "ABSOLUTE, true, 72", "RELATIVE_KEY, false, 40", "RELATIVE_KEY_QUERY, true, 64"})
    void haveTheBitsOfTheWholeLayer(PositionEmbeddingType positions, boolean causal, int visionHidden)
            throws IOException {
        BridgeTowerTextConfig text = SmallConfig.text(32, 2)
                .positionEmbeddingType(positions)
                .isDecoder(causal)
                .build();
        RandomWeights.write(SmallConfig.model(text, visionHidden, 2).build(), 3, directory);
        try (Arena arena = Arena.ofConfined();
                var model = BridgeTowerForContrastiveLearning.load(directory, new ModelOptions(2))) {
            Tensor pixels = Tensor.allocate(arena, 3, 3, 32, 32);
            for (int i = 0; i < 32; i++) pixels.set(i / 8f, i % 3, i % 3, i, 31 - i);
            TextInputs texts = TextInputs.of(IDS, MASK);
            ImageInputs images = ImageInputs.of(pixels);
            BridgeTowerContrastiveOutput whole = model.forward(texts, images);
            assertArrayEquals(
                    whole.textEmbeds().toArray(), model.textEmbeds(texts).toArray(), "texts");
            assertArrayEquals(
                    whole.imageEmbeds().toArray(), model.imageEmbeds(images).toArray(), "images");
        }
    }
}
