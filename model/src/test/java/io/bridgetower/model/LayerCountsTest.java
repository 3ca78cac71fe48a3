package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.Weights;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.config.InvalidFieldException;
import io.bridgetower.model.config.SmallConfig;
import io.bridgetower.model.init.RandomWeights;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.BridgeTowerContrastiveOutput;
import io.bridgetower.model.outputs.BridgeTowerModelOutput;
import io.bridgetower.model.outputs.BridgeTowerTextModelOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many text layers, vision blocks and cross-modal layers a model may have: as many as the reference runs. */
class LayerCountsTest {
    private static final int[][] IDS = {{0, 7, 2}, {0, 8, 9, 10, 2}};

    @TempDir
    private Path directory;

    /** The last two columns are the numbers of hidden states that the reference returns for these counts. */
    @ParameterizedTest
    @CsvSource({
        "0,1,true,1, 1,1",
        "0,1,false,1, 1,1",
        "0,3,false,1, 1,1",
        "1,1,true,1, 2,1",
        "1,1,false,1, 2,2",
        "1,4,false,1, 2,2",
        "1,1,false,2, 2,2",
        "1,2,true,2, 2,2",
        "1,4,false,2, 2,2",
        "2,1,true,1, 3,1",
        "2,1,false,1, 3,2",
        "2,2,true,1, 3,2",
        "2,3,false,1, 3,3",
        "2,2,false,2, 3,3",
        "2,2,false,3, 3,3",
        "2,4,false,3, 3,3",
        "3,2,false,1, 4,3",
        "3,3,false,2, 4,4",
        "3,4,true,4, 4,4"
    })
    void whatTheReferenceRunsIsWrittenAndRuns(
            int layers, int blocks, boolean removed, int cross, int textStates, int imageStates) throws IOException {
        RandomWeights.write(config(layers, blocks, removed, cross), 3, directory);
        try (Arena arena = Arena.ofConfined();
                Checkpoint checkpoint = Checkpoint.open(directory);
                BridgeTowerModel model = BridgeTowerModel.load(checkpoint, new ModelOptions(1));
                var itc = BridgeTowerForContrastiveLearning.load(checkpoint, model);
                var text = BridgeTowerTextModel.load(checkpoint, new ModelOptions(1))) {
            Tensor pixels = pixels(arena);
            TextInputs texts = TextInputs.of(IDS, null);
            BridgeTowerModelOutput output = model.forward(texts, ImageInputs.of(pixels), Capture.ALL);
            assertEquals(textStates, output.hiddenStates().text().size());
            assertEquals(imageStates, output.hiddenStates().image().size());
            assertEquals(cross, output.hiddenStates().crossText().size());
            for (float feature : output.poolerOutput().toArray()) assertTrue(Float.isFinite(feature));
            BridgeTowerModelOutput fused = model.fuse(model.encodeTexts(IDS, null), model.encodeImages(pixels));
            assertArrayEquals(
                    output.poolerOutput().toArray(), fused.poolerOutput().toArray());
            BridgeTowerContrastiveOutput embeddings = itc.forward(texts, ImageInputs.of(pixels));
            assertArrayEquals(
                    embeddings.textEmbeds().toArray(), itc.textEmbeds(texts).toArray());
            assertArrayEquals(
                    embeddings.imageEmbeds().toArray(),
                    itc.imageEmbeds(ImageInputs.of(pixels)).toArray());
            assertArrayEquals(
                    output.hiddenStates().text().getLast().toArray(),
                    text.forward(texts, Capture.NONE).lastHiddenState().toArray());
            assertTrue(new Operations(model.config()).imageEncoding(5) > 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2,1,false,2, vision_config.num_hidden_layers",
        "2,2,true,2, vision_config.num_hidden_layers",
        "1,1,true,2, vision_config.num_hidden_layers",
        "2,4,false,4, num_hidden_layers",
        "0,4,false,2, num_hidden_layers",
        "0,1,false,0, num_hidden_layers"
    })
    void whatCannotRunIsRefusedAsAConfiguration(int layers, int blocks, boolean removed, int cross, String field) {
        InvalidFieldException e =
                assertThrows(InvalidFieldException.class, () -> config(layers, blocks, removed, cross));
        assertEquals(field, e.field());
    }

    /** A block that adds nothing to its input computes what no block computes. */
    @ParameterizedTest
    @CsvSource({"0", "1"})
    void blocksThatAreMissingAreAsThoseThatAddNothing(int blocks) throws IOException {
        Path whole = Files.createDirectory(directory.resolve("whole"));
        RandomWeights.write(config(2, 2, false, 1), 3, whole);
        BridgeTowerConfig fewer = blocks == 0 ? config(2, 1, true, 1) : config(2, 1, false, 1);
        Path expected = withoutEffectFrom(blocks, whole, "expected", config(2, 2, false, 1));
        Path actual = withoutEffectFrom(blocks, whole, "actual", fewer);
        try (Arena arena = Arena.ofConfined();
                var one = BridgeTowerForContrastiveLearning.load(expected, new ModelOptions(1));
                var other = BridgeTowerForContrastiveLearning.load(actual, new ModelOptions(1))) {
            Tensor pixels = pixels(arena);
            TextInputs texts = TextInputs.of(IDS, null);
            assertArrayEquals(
                    one.forward(texts, ImageInputs.of(pixels)).logits().toArray(),
                    other.forward(texts, ImageInputs.of(pixels)).logits().toArray());
            assertArrayEquals(
                    one.imageEmbeds(ImageInputs.of(pixels)).toArray(),
                    other.imageEmbeds(ImageInputs.of(pixels)).toArray());
        }
    }

    @Test
    void aVisionModelAloneNeedsABlock() throws IOException {
        RandomWeights.write(config(2, 1, true, 1), 3, directory);
        MalformedFileException e =
                assertThrows(MalformedFileException.class, () -> BridgeTowerVisionModel.load(directory));
        assertEquals("remove_last_layer", e.field());
    }

    /** As training with {@code freeze_text_pooler} saves it. */
    @Test
    void aTextModelMayLackItsPooler() throws IOException {
        RandomWeights.write(config(2, 2, false, 1), 3, directory);
        Path frozen = Files.createDirectory(directory.resolve("frozen"));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            for (String name : checkpoint.weights().names()) {
                if (!name.contains("text_model.pooler")) copy(checkpoint.weights(), name, writer);
            }
            writer.write(frozen.resolve("model.safetensors"));
            checkpoint.config().save(frozen);
        }
        try (BridgeTowerModel model = BridgeTowerModel.load(frozen);
                BridgeTowerTextModel text = BridgeTowerTextModel.load(frozen)) {
            assertEquals(2, model.config().textConfig().numHiddenLayers());
            BridgeTowerTextModelOutput output = text.forward(TextInputs.of(IDS, null), Capture.NONE);
            assertEquals(null, output.poolerOutput());
        }
    }

    /** A copy whose blocks from {@code first} on add nothing, with another configuration. */
    private Path withoutEffectFrom(int first, Path model, String name, BridgeTowerConfig config) throws IOException {
        Path copy = Files.createDirectory(directory.resolve(name));
        config.save(copy);
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            for (String tensor : checkpoint.weights().names()) {
                int[] shape = shape(checkpoint.weights(), tensor);
                boolean output =
                        tensor.matches(".*resblocks\\.[" + first + "-9]\\.(attn\\.out_proj|mlp\\.c_proj)\\..*");
                if (!output) copy(checkpoint.weights(), tensor, writer);
                else writer.add(tensor, new float[Arrays.stream(shape).reduce(1, (i, j) -> i * j)], shape);
            }
            writer.write(copy.resolve("model.safetensors"));
        }
        return copy;
    }

    private static void copy(Weights weights, String name, SafetensorsWriter writer) throws IOException {
        writer.add(name, weights.get(name, shape(weights, name)));
    }

    private static int[] shape(Weights weights, String name) throws IOException {
        return Arrays.stream(weights.info(name).shape())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static BridgeTowerConfig config(int layers, int blocks, boolean removed, int cross) {
        BridgeTowerConfig.Builder model = SmallConfig.model(
                SmallConfig.text(32, 2).numHiddenLayers(layers).build(), 64, cross);
        return model.visionConfig(BridgeTowerVisionConfig.builder()
                        .hiddenSize(64)
                        .numHiddenLayers(blocks)
                        .removeLastLayer(removed)
                        .imageSize(32)
                        .patchSize(16)
                        .build())
                .build();
    }

    private static Tensor pixels(Arena arena) {
        Tensor pixels = Tensor.allocate(arena, 2, 3, 32, 32);
        for (int i = 0; i < 32; i++) pixels.set(i / 8f, i % 2, i % 3, i, 31 - i);
        return pixels;
    }
}
