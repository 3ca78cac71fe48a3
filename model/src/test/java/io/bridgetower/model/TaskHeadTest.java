package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.Weights;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.SmallConfig;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.model.init.RandomWeights;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The heads of VQAv2, SNLI-VE and NLVR2. */
class TaskHeadTest {
    private static final int HIDDEN = 32;
    private static final int[][] IDS = {{0, 7, 2}, {0, 8, 9, 10, 2}, {0, 11, 2}};

    /** Of logits below 1 that come from sums of some hundred products in 32 bits. */
    private static final double TOLERANCE = 2e-6;

    @TempDir
    private Path directory;

    private final Arena arena = Arena.ofAuto();

    private static BridgeTowerConfig.Builder config(TaskHead head) {
        return SmallConfig.model(SmallConfig.text(HIDDEN, 2).build(), 64, 2)
                .architecture(head.architecture())
                .modalityTypeVocabSize(3)
                .numLabels(5);
    }

    private Tensor pixels(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor pixels = Tensor.allocate(arena, IDS.length, 3, 32, 32);
        for (int i = 0; i < IDS.length; i++) {
            for (int c = 0; c < 3; c++) {
                for (int j = 0; j < 32 * 32; j++) {
                    pixels.set((float) random.nextGaussian(), i, c, j / 32, j % 32);
                }
            }
        }
        return pixels;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "2, 3"})
    void answersComeFromThePooledPair(int layers, int scale) throws IOException {
        TaskHead task = TaskHead.QUESTION_ANSWERING;
        RandomWeights.write(
                config(task).taskHeadLayers(layers).headHiddenScale(scale).build(), 3, directory);
        try (Checkpoint checkpoint = Checkpoint.open(directory);
                var model = BridgeTowerForQuestionAnswering.load(directory, new ModelOptions(2))) {
            Tensor pixels = pixels(1);
            float[][] logits = model.logits(IDS, null, pixels);
            assertEquals(5, logits[0].length);
            float[] pooled =
                    model.trunk().forward(IDS, null, pixels).poolerOutput().toArray();
            Weights weights = checkpoint.heads().sub(task.tensors());
            for (int i = 0; i < IDS.length; i++) {
                double[] x = new double[2 * HIDDEN];
                for (int j = 0; j < x.length; j++) x[j] = pooled[i * x.length + j];
                assertClose(classify(weights, x, layers, scale), logits[i]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2"})
    void twoImagesAreJudgedByBothOfTheirPooledPairs(int layers, int scale) throws IOException {
        TaskHead task = TaskHead.VISUAL_REASONING;
        RandomWeights.write(
                config(task).taskHeadLayers(layers).headHiddenScale(scale).build(), 3, directory);
        try (Checkpoint checkpoint = Checkpoint.open(directory);
                var model = BridgeTowerForVisualReasoning.load(directory, new ModelOptions(2))) {
            ImageInputs first = ImageInputs.of(pixels(1)), second = ImageInputs.of(pixels(2));
            TextInputs texts = TextInputs.of(IDS);
            float[][] logits = model.logits(texts, first, second);
            assertEquals(List.of("False", "True"), model.labels());
            float[] left = pooled(model.trunk(), texts, first),
                    right = pooled(model.trunk(), texts, second.withTokenTypeIdx(2));
            int width = 2 * HIDDEN;
            for (int i = 0; i < IDS.length; i++) {
                double[] x = new double[2 * width];
                for (int j = 0; j < width; j++) {
                    x[j] = left[i * width + j];
                    x[width + j] = right[i * width + j];
                }
                assertClose(classify(checkpoint.heads().sub(task.tensors()), x, layers, scale), logits[i]);
            }
            assertArrayEquals(
                    logits, model.logits(IDS, null, first.pixelValues(), second.pixelValues()), "from plain tensors");
        }
    }

    @Test
    void encodingsGiveTheSameBits() throws IOException {
        RandomWeights.write(config(TaskHead.VISUAL_ENTAILMENT).build(), 3, directory);
        try (var model = BridgeTowerForVisualEntailment.load(directory, new ModelOptions(2))) {
            Tensor pixels = pixels(1);
            float[][] logits = model.logits(IDS, null, pixels);
            TextEncoding[] texts = model.trunk().encodeTexts(IDS, null);
            ImageEncoding[] images = model.trunk().encodeImages(pixels);
            assertArrayEquals(logits, model.logits(texts, images));
            float[][] all = model.logits(texts, images, Pairing.all(texts.length, images.length));
            for (int i = 0; i < IDS.length; i++) assertArrayEquals(logits[i], all[i * IDS.length + i]);
        }
    }

    @Test
    void anImageIsEncodedOnceForEachOfItsPlaces() throws IOException {
        RandomWeights.write(config(TaskHead.VISUAL_REASONING).build(), 3, directory);
        Path file = directory.resolve("second");
        try (var model = BridgeTowerForVisualReasoning.load(directory, new ModelOptions(2))) {
            Tensor left = pixels(1), right = pixels(2);
            float[][] logits = model.logits(IDS, null, left, right);
            TextEncoding[] texts = model.trunk().encodeTexts(IDS, null);
            ImageEncoding[] first = model.trunk().encodeImages(left);
            ImageEncoding[] second =
                    model.trunk().encodeImages(ImageInputs.of(right).withTokenTypeIdx(2));
            assertArrayEquals(logits, model.logits(texts, first, second));
            TextEncoding[] twice = {texts[1], texts[1]};
            float[][] repeated = model.logits(
                    twice, new ImageEncoding[] {first[1], first[1]}, new ImageEncoding[] {second[1], second[1]});
            assertArrayEquals(new float[][] {logits[1], logits[1]}, repeated);
            IllegalArgumentException swapped =
                    assertThrows(IllegalArgumentException.class, () -> model.logits(texts, second, first));
            assertEquals("first image 0: expected an encoding with token type 1, found 2", swapped.getMessage());
            second[0].write(file);
            try (ImageEncoding read = ImageEncoding.read(file, model.trunk())) {
                assertEquals(2, read.tokenTypeIdx());
            }
        }
    }

    @Test
    void namesOfLabelsTravelWithTheModel() throws IOException {
        List<String> answers = List.of("yes", "no", "2", "red \"wine\"", "");
        BridgeTowerConfig named =
                config(TaskHead.QUESTION_ANSWERING).labels(answers).build();
        RandomWeights.write(named, 3, directory);
        try (var model = BridgeTowerForQuestionAnswering.load(directory, new ModelOptions(1))) {
            assertEquals(answers, model.labels());
        }
        assertEquals(named.toJson(), BridgeTowerConfig.parse(named.toJson()).toJson());
        config(TaskHead.QUESTION_ANSWERING).build().save(directory);
        try (var model = BridgeTowerForQuestionAnswering.load(directory, new ModelOptions(1))) {
            assertEquals("LABEL_4", model.labels().getLast());
        }
        config(TaskHead.QUESTION_ANSWERING).labels(List.of("yes", "no")).build().save(directory);
        MalformedFileException few =
                assertThrows(MalformedFileException.class, () -> BridgeTowerForQuestionAnswering.load(directory));
        assertEquals(
                directory.resolve("config.json") + ": id2label: names 2 labels, expected 5, as vqa_classifier has",
                few.getMessage());
    }

    @Test
    void labelsOfAnotherHeadAreNotThisHeads() throws IOException {
        RandomWeights.write(config(TaskHead.VISUAL_ENTAILMENT).build(), 3, directory);
        config(TaskHead.QUESTION_ANSWERING).labels(List.of("yes", "no")).build().save(directory);
        try (var model = BridgeTowerForVisualEntailment.load(directory, new ModelOptions(1))) {
            assertEquals(List.of("contradiction", "neutral", "entailment"), model.labels());
        }
    }

    @Test
    void theShapesOfWeightsTellWhatAConfigurationLeavesOut() throws IOException {
        BridgeTowerConfig wide =
                config(TaskHead.VISUAL_REASONING).headHiddenScale(3).build();
        RandomWeights.write(wide, 3, directory);
        SmallConfig.model(SmallConfig.text(HIDDEN, 2).build(), 64, 2).build().save(directory);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertEquals(3, checkpoint.config().headHiddenScale());
            assertEquals(3, checkpoint.config().modalityTypeVocabSize());
            assertEquals(2, checkpoint.config().taskHeadLayers());
        }
        BridgeTowerForVisualReasoning.load(directory, new ModelOptions(1)).close();
    }

    @Test
    void aMissingHeadIsNamed() throws IOException {
        RandomWeights.write(config(TaskHead.QUESTION_ANSWERING).build(), 3, directory);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertTrue(BridgeTowerForQuestionAnswering.isIn(checkpoint));
            assertFalse(BridgeTowerForVisualEntailment.isIn(checkpoint));
        }
        MalformedFileException missing =
                assertThrows(MalformedFileException.class, () -> BridgeTowerForVisualEntailment.load(directory));
        assertEquals("snli_classifier.0.weight", missing.field());
    }

    @Test
    void twoTokenTypesAreTooFewForTwoImages() throws IOException {
        RandomWeights.write(
                config(TaskHead.VISUAL_REASONING).modalityTypeVocabSize(2).build(), 3, directory);
        MalformedFileException few =
                assertThrows(MalformedFileException.class, () -> BridgeTowerForVisualReasoning.load(directory));
        assertTrue(few.getMessage().contains("has 2 token types, expected 3"), few.getMessage());
        try (var model = BridgeTowerModel.load(directory, new ModelOptions(1))) {
            ImageInputs third = ImageInputs.of(pixels(1)).withTokenTypeIdx(2);
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> model.encodeImages(third));
            assertEquals("image_token_type_idx: expected 0 to 1, found 2", e.getMessage());
        }
    }

    @Test
    void theLossOfAnswersIsTorchs() {
        float[][] logits = {{2, -1, 0}, {-30, 50, 0.5f}}, targets = {{1, 0, 0.3f}, {0, 1, 0.9f}};
        double sum = 0;
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                double p = 1 / (1 + Math.exp(-logits[i][j])), t = targets[i][j];
                sum -= (t == 0 ? 0 : t * Math.log(p)) + (t == 1 ? 0 : (1 - t) * Math.log(1 - p));
            }
        }
        // Mean over all, times the number of labels.
        assertEquals(sum / 6 * 3, BridgeTowerForQuestionAnswering.loss(logits, targets), 1e-12);
        assertThrows(
                IllegalArgumentException.class,
                () -> BridgeTowerForQuestionAnswering.loss(logits, new float[][] {{1, 0, 2}, {0, 0, 0}}));
        assertEquals(
                Math.log(1 + Math.exp(-3) + Math.exp(-2)),
                BridgeTowerForVisualEntailment.loss(new float[][] {{2, -1, 0}}, new int[] {0}),
                1e-12);
        assertEquals(0.5, BridgeTowerForQuestionAnswering.probability(0));
        assertArrayEquals(new double[] {0.5, 0.5}, BridgeTowerForVisualReasoning.probabilities(new float[] {80, 80}));
    }

    private static float[] pooled(BridgeTowerModel trunk, TextInputs texts, ImageInputs images) {
        return trunk.forward(texts, images, Capture.NONE).poolerOutput().toArray();
    }

    /** In 64 bits. */
    private static double[] classify(Weights head, double[] x, int layers, int scale) throws IOException {
        int labels = (int) head.info(layers == 1 ? "0.weight" : "3.weight").shape()[0], inner = 2 * HIDDEN * scale;
        if (layers == 1) return linear(head, "0", x, labels);
        double[] y = linear(head, "0", x, inner);
        float[] weight = head.get("1.weight", inner).toArray(),
                bias = head.get("1.bias", inner).toArray();
        double mean = 0, variance = 0;
        for (double value : y) mean += value / inner;
        for (double value : y) variance += (value - mean) * (value - mean) / inner;
        for (int i = 0; i < inner; i++) {
            double z = (y[i] - mean) / Math.sqrt(variance + 1e-5) * weight[i] + bias[i];
            y[i] = z / 2 * (1 + erf(z / Math.sqrt(2)));
        }
        return linear(head, "3", y, labels);
    }

    private static double[] linear(Weights head, String name, double[] x, int out) throws IOException {
        float[] weight = head.get(name + ".weight", out, x.length).toArray(),
                bias = head.get(name + ".bias", out).toArray();
        double[] y = new double[out];
        for (int i = 0; i < out; i++) {
            y[i] = bias[i];
            for (int j = 0; j < x.length; j++) y[i] += weight[i * x.length + j] * x[j];
        }
        return y;
    }

    /** Its series, which converges fast enough below 6. */
    private static double erf(double x) {
        double term = x, sum = x;
        for (int n = 1; n < 200; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    private static void assertClose(double[] expected, float[] found) {
        assertEquals(expected.length, found.length);
        for (int i = 0; i < found.length; i++) assertEquals(expected[i], found[i], TOLERANCE);
    }
}
