package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.BridgeTower;
import io.bridgetower.Image;
import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.tests.cli.DemoCases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What products of less than 32 bits cost and do not cost, on whatever unit multiplies them here. */
@Tag("parity")
class PrecisionTest {
    @ParameterizedTest
    @EnumSource(ProductPrecision.class)
    void noGoldenDiffersByMoreThanTheStatedError(ProductPrecision precision) throws IOException {
        Map<String, Double> errors = new TreeMap<>();
        for (String folder : Golden.checkpoints()) {
            try (Golden golden = new Golden(folder)) {
                errors(golden, precision).forEach((name, error) -> errors.put(folder + " " + name, error));
            }
        }
        // The stated error has a margin for larger models.
        double most = precision == ProductPrecision.BF16 ? 3e-2 : precision.error();
        errors.forEach((name, error) -> assertTrue(error <= most, precision + ", " + name + ": " + error));
        double worst = Collections.max(errors.values());
        if (precision == ProductPrecision.BF16) assertTrue(worst > 1e-4, "products of 16 bits are not exact: " + worst);
    }

    private static Map<String, Double> errors(Golden golden, ProductPrecision precision) throws IOException {
        ModelOptions options = new ModelOptions(2).withPrecision(precision);
        TextInputs texts = TextInputs.of(golden.inputIds(), golden.attentionMask());
        ImageInputs images = golden.images();
        Map<String, Double> errors = new TreeMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(golden.directory());
                BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options);
                var matching = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk);
                var filling = BridgeTowerForMaskedLM.load(checkpoint, trunk);
                var contrastive = BridgeTowerForContrastiveLearning.load(checkpoint, trunk)) {
            assertEquals(precision, trunk.productPrecision());
            var features = trunk.forward(texts, images, Capture.NONE);
            var embeds = contrastive.forward(texts, images);
            float[][] logits = matching.logits(texts, images);
            errors.put("text_features", golden.error("text_features", features.textFeatures()));
            errors.put("image_features", golden.error("image_features", features.imageFeatures()));
            errors.put("pooler_output", golden.error("pooler_output", features.poolerOutput()));
            errors.put("itm.logits", golden.error("itm.logits", GoldenTest.tensor(logits)));
            errors.put("mlm.logits", golden.error("mlm.logits", filling.logits(texts, images)));
            errors.put("itc.text_embeds", golden.error("itc.text_embeds", embeds.textEmbeds()));
            errors.put("itc.image_embeds", golden.error("itc.image_embeds", embeds.imageEmbeds()));
            errors.put("itc.cross_embeds", golden.error("itc.cross_embeds", embeds.crossEmbeds()));
        }
        return errors;
    }

    /** Whatever else is in the batch and however many threads there are. */
    @ParameterizedTest
    @EnumSource(ProductPrecision.class)
    void bitsDependOnThePairAlone(ProductPrecision precision) throws IOException {
        for (WeightPrecision weights : WeightPrecision.values()) {
            ModelOptions one = new ModelOptions(1, weights).withPrecision(precision);
            try (Golden golden = new Golden("defaults");
                    var alone = BridgeTowerForImageAndTextRetrieval.load(golden.directory(), one);
                    var team = BridgeTowerForImageAndTextRetrieval.load(golden.directory(), one.withThreads(3))) {
                int[][] ids = golden.inputIds(), mask = golden.attentionMask();
                Tensor pixels = golden.pixelValues();
                float[][] together = team.logits(ids, mask, pixels);
                for (int i = 0; i < ids.length; i++) {
                    int[][] text = {ids[i]}, shown = {mask[i]};
                    assertArrayEquals(together[i], alone.logits(text, shown, pixels.slice(i, 1))[0]);
                    assertArrayEquals(together[i], team.logits(text, shown, pixels.slice(i, 1))[0]);
                }
            }
        }
    }

    /** No probability moves by more than 0.02, and the nearest image of a caption is the same. */
    @ParameterizedTest
    @EnumSource(ProductPrecision.class)
    void theDemoModelJudgesAndFindsTheSame(ProductPrecision precision) throws IOException {
        Path model = Path.of(System.getProperty("bridgetower.root"), "models", "demo");
        try (BridgeTower bridgeTower =
                BridgeTower.builder(model).threads(2).precision(precision).load()) {
            for (Map<String, Object> match : DemoCases.of("match")) {
                List<?> logits = (List<?>) match.get("logits");
                double odds = Math.exp((double) logits.get(0) - (double) logits.get(1));
                var found = bridgeTower.score(Image.read(DemoCases.image(match)), (String) match.get("text"));
                assertEquals(1 / (1 + odds), found.probability(), 0.02, match.toString());
            }
            Map<Path, float[]> images = new TreeMap<>();
            List<Map<String, Object>> searches = DemoCases.of("search");
            for (Map<String, Object> search : searches) {
                Path image = DemoCases.image(search);
                images.put(image, bridgeTower.embed(Image.read(image)));
            }
            for (Map<String, Object> search : searches) {
                float[] text = bridgeTower.embed((String) search.get("text"));
                List<Path> ranked = new ArrayList<>(images.keySet());
                ranked.sort((a, b) -> Double.compare(dot(text, images.get(b)), dot(text, images.get(a))));
                Path best = DemoCases.image(Map.of("image", search.get("best_by_embedding")));
                assertEquals(best, ranked.getFirst(), search.toString());
            }
        }
    }

    @Test
    void identitiesTellPrecisionsApart() throws IOException {
        ModelOptions options = new ModelOptions(1);
        List<String> identities = new ArrayList<>();
        for (ProductPrecision precision : ProductPrecision.values()) {
            try (var model = BridgeTowerModel.load(Golden.directory("defaults"), options.withPrecision(precision))) {
                identities.add(model.fingerprint());
            }
        }
        assertEquals(identities.size(), identities.stream().distinct().count());
        assertNotEquals(ProductPrecision.BF16, ModelOptions.fastest(1e-4));
        assertTrue(ModelOptions.fastest(1e-4).error() <= 1e-4);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (double) a[i] * b[i];
        return sum;
    }
}
