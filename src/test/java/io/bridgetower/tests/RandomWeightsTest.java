package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.BridgeTowerTextModel;
import io.bridgetower.model.BridgeTowerVisionModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.Weights;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.config.LinkTowerType;
import io.bridgetower.model.init.RandomWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomWeightsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "defaults",
                "scaled_add",
                "interpolate_link",
                "wide_vision",
                "remove_last_layer",
                "relative_key",
                "relative_key_query"
            })
    void namesAndShapesAreThoseOfTheReference(String folder) throws IOException {
        RandomWeights.write(BridgeTowerConfig.load(Golden.directory(folder)), 1, directory);
        try (Checkpoint reference = Checkpoint.open(Golden.directory(folder));
                Checkpoint random = Checkpoint.open(directory)) {
            TreeSet<String> expected = new TreeSet<>(reference.weights().names());
            expected.removeIf(name -> name.endsWith("position_ids"));
            assertEquals(expected, random.weights().names());
            for (String name : expected) {
                assertArrayEquals(
                        reference.weights().info(name).shape(),
                        random.weights().info(name).shape(),
                        name);
            }
        }
    }

    @Test
    void elementsHaveTheReferencesDistribution() throws IOException {
        RandomWeights.write(BridgeTowerConfig.load(Golden.directory("defaults")), 1, directory);
        try (Checkpoint random = Checkpoint.open(directory)) {
            Weights weights = random.weights();
            String vision = "bridgetower.vision_model.visual.";
            assertNormal(0.05, weights.get("mlm_score.decoder.weight", 300, 64).toArray());
            assertNormal(
                    Math.pow(64, -0.5),
                    weights.get(vision + "embeddings.position_embedding.weight", 17, 64)
                            .toArray());
            String block = vision + "transformer.resblocks.0.";
            double projection = Math.pow(64, -0.5) * Math.pow(8, -0.5);
            assertNormal(
                    Math.pow(64, -0.5),
                    weights.get(block + "attn.in_proj_weight", 192, 64).toArray());
            assertNormal(
                    projection,
                    weights.get(block + "attn.out_proj.weight", 64, 64).toArray());
            assertNormal(
                    projection,
                    weights.get(block + "mlp.c_proj.weight", 64, 256).toArray());
            assertNormal(
                    Math.pow(128, -0.5),
                    weights.get(block + "mlp.c_fc.weight", 256, 64).toArray());
            assertEquals(2.6592f, weights.get("logit_scale").item());
            for (float one : weights.get(block + "ln_1.weight", 64).toArray()) assertEquals(1, one);
            for (float zero : weights.get("itm_score.fc.bias", 2).toArray()) assertEquals(0, zero);
        }
    }

    @Test
    void theSameSeedGivesTheSameFileAndItRuns() throws IOException {
        BridgeTowerConfig config = BridgeTowerConfig.load(Golden.directory("defaults"));
        Path again = Files.createDirectory(directory.resolve("again")),
                other = Files.createDirectory(directory.resolve("other"));
        RandomWeights.write(config, 7, directory);
        RandomWeights.write(config, 7, again);
        RandomWeights.write(config, 8, other);
        Path file = Path.of("model.safetensors");
        assertEquals(-1, Files.mismatch(directory.resolve(file), again.resolve(file)));
        assertNotEquals(-1, Files.mismatch(directory.resolve(file), other.resolve(file)));
        try (Golden golden = new Golden("defaults");
                var model = BridgeTowerForImageAndTextRetrieval.load(directory, new ModelOptions(1))) {
            float[][] scores = model.logits(golden.inputIds(), golden.attentionMask(), golden.pixelValues());
            assertEquals(golden.inputIds().length, scores.length);
            for (float[] logits : scores) {
                for (float logit : logits) assertTrue(Float.isFinite(logit));
            }
        }
    }

    @Test
    void modelsOfEveryKindLoad() throws IOException {
        BridgeTowerConfig golden = BridgeTowerConfig.load(Golden.directory("defaults"));
        load(golden.toBuilder()
                .shareCrossModalTransformerLayers(false)
                .shareLinkTowerLayers(true)
                .build());
        load(golden.toBuilder()
                .shareLinkTowerLayers(true)
                .linkTowerType(LinkTowerType.SCALED_ADD)
                .build());
        load(golden.toBuilder()
                .linkTowerType(LinkTowerType.INTERPOLATE)
                .tieWordEmbeddings(true)
                .build());
        BridgeTowerVisionConfig vision = golden.visionConfig().toBuilder()
                .shareLayernorm(false)
                .numHiddenLayers(5)
                .removeLastLayer(true)
                .build();
        load(golden.toBuilder().visionConfig(vision).build());
    }

    private void load(BridgeTowerConfig config) throws IOException {
        Path model = directory.resolve("made/by/it");
        ModelOptions options = new ModelOptions(1);
        RandomWeights.write(config, 7, model);
        try (Checkpoint checkpoint = Checkpoint.open(model);
                BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options)) {
            BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk).close();
            BridgeTowerForMaskedLM.load(checkpoint, trunk).close();
            BridgeTowerForContrastiveLearning.load(checkpoint, trunk).close();
            BridgeTowerTextModel.load(model, options).close();
            BridgeTowerVisionModel.load(model, options).close();
        }
    }

    /** Of n numbers, the deviation is off by more than 4 / √(2 n) of itself once in 16,000 times. */
    private static void assertNormal(double deviation, float[] values) {
        double squares = 0, sum = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        double tolerance = 4 * deviation / Math.sqrt(values.length);
        assertEquals(deviation, Math.sqrt(squares / values.length), tolerance);
        assertEquals(0, sum / values.length, tolerance);
    }
}
