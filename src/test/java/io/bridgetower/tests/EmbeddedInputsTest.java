package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.BridgeTowerModelOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Embeddings as inputs give what the ids and pixels give that they come from. */
class EmbeddedInputsTest {
    private static final int[][] IDS = {{0, 17, 5, 99, 2}, {0, 250, 31, 7, 2}};

    @Test
    void wordEmbeddingsStandForIds() throws IOException {
        try (Golden golden = new Golden("defaults");
                Checkpoint checkpoint = Checkpoint.open(golden.directory());
                BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, new ModelOptions(1))) {
            float[] words = checkpoint
                    .trunk()
                    .get("text_model.embeddings.word_embeddings.weight", 300, 64)
                    .toArray();
            Tensor embeds = Tensor.allocate(Arena.ofAuto(), 2, 5, 64);
            for (int i = 0; i < 2; i++) {
                for (int t = 0; t < 5; t++) {
                    for (int h = 0; h < 64; h++) embeds.set(words[IDS[i][t] * 64 + h], i, t, h);
                }
            }
            ImageInputs images = ImageInputs.of(golden.pixelValues().slice(0, 2));
            int[][] mask = {{1, 1, 1, 1, 1}, {1, 1, 1, 0, 0}};
            assertSame(
                    trunk.forward(TextInputs.of(IDS, mask), images, Capture.NONE),
                    trunk.forward(TextInputs.ofEmbeddings(embeds, mask), images, Capture.NONE));
        }
    }

    @Test
    void patchEmbeddingsStandForPixels() throws IOException {
        try (Golden golden = new Golden("defaults");
                BridgeTowerModel trunk = BridgeTowerModel.load(golden.directory(), new ModelOptions(1))) {
            TextInputs texts = TextInputs.of(IDS);
            ImageInputs pixels = ImageInputs.of(golden.pixelValues().slice(0, 2));
            BridgeTowerModelOutput fromPixels = trunk.forward(texts, pixels, Capture.ALL);
            Tensor embeds = fromPixels.hiddenStates().image().getFirst();
            assertSame(fromPixels, trunk.forward(texts, ImageInputs.ofEmbeddings(embeds), Capture.NONE));
            BridgeTowerModelOutput otherType = trunk.forward(texts, pixels.withTokenTypeIdx(0), Capture.NONE);
            assertFalse(Arrays.equals(
                    fromPixels.poolerOutput().toArray(),
                    otherType.poolerOutput().toArray()));
        }
    }

    private static void assertSame(BridgeTowerModelOutput expected, BridgeTowerModelOutput actual) {
        assertArrayEquals(
                expected.textFeatures().toArray(), actual.textFeatures().toArray());
        assertArrayEquals(
                expected.imageFeatures().toArray(), actual.imageFeatures().toArray());
        assertArrayEquals(
                expected.poolerOutput().toArray(), actual.poolerOutput().toArray());
    }
}
