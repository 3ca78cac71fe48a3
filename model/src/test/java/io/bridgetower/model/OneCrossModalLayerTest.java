package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.config.SmallConfig;
import io.bridgetower.model.init.RandomWeights;
import io.bridgetower.model.inputs.Pairing;
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
        RandomWeights.write(
                SmallConfig.model(SmallConfig.text(32, 2).build(), 64, 1).build(), 3, directory);
        try (Arena arena = Arena.ofConfined();
                BridgeTowerModel model = BridgeTowerModel.load(directory, new ModelOptions(1))) {
            Tensor pixels = Tensor.allocate(arena, 2, 3, 32, 32);
            for (int i = 0; i < 32; i++) pixels.set(i / 8f, i % 2, i % 3, i, 31 - i);
            TextEncoding[] texts = model.encodeTexts(IDS, null);
            ImageEncoding[] images = model.encodeImages(pixels);
            float[] whole = model.forward(IDS, null, pixels).poolerOutput().toArray();
            try (var computation = model.memory().begin();
                    Reading reading = model.reading(texts, images, Pairing.oneToOne(2))) {
                float[] firstRows = model.trunk()
                        .pooled(computation.workspace(), reading.encoded())
                        .toArray();
                assertArrayEquals(whole, firstRows, 1e-6f);
            }
        }
    }
}
