package io.bridgetower.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.torch.OriginalFixture;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.ContrastiveForm;
import io.bridgetower.model.config.SmallConfig;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of the authors' code, right and wrong. */
class OriginalCheckpointTest {
    private static final int[][] IDS = {{0, 7, 2}, {0, 8, 9, 10, 2}};
    private static final ModelOptions OPTIONS = new ModelOptions(1);

    @TempDir
    private Path directory;

    private static BridgeTowerConfig config() {
        return SmallConfig.model(SmallConfig.text(64, 4).build(), 64, 2)
                .architecture(TaskHead.QUESTION_ANSWERING.architecture())
                .numLabels(5)
                .contrastiveForm(ContrastiveForm.ORIGINAL)
                .contrastiveHiddenSize(24)
                .crossModalLayerNormEps(1e-12)
                .build();
    }

    private OriginalFixture fixture() throws IOException {
        return OriginalFixture.of(config(), directory).hyperParameter("num_heads", 4L);
    }

    private Path file() {
        return directory.resolve("last.ckpt");
    }

    @Test
    void aModelOfTheAuthorsIsThatOfTransformersWithTheSameWeights() throws IOException {
        fixture().write(file());
        assertArrayEquals(pooled(directory, 32, false), pooled(file(), 32, false));
        try (Checkpoint checkpoint = Checkpoint.open(file());
                var model = BridgeTowerForContrastiveLearning.load(file(), OPTIONS);
                var expected = BridgeTowerForContrastiveLearning.load(directory, OPTIONS)) {
            assertEquals(5, checkpoint.config().numLabels());
            assertEquals(-Math.log(0.07f), model.logitScale(), 1e-6);
            assertArrayEquals(
                    expected.imageEmbeds(ImageInputs.of(pixels(32))).toArray(),
                    model.imageEmbeds(ImageInputs.of(pixels(32))).toArray());
            assertFalse(model.hasCrossModalHead());
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> model.forward(TextInputs.of(IDS), ImageInputs.of(pixels(32))));
            assertTrue(model.fingerprint().startsWith("1-f32-"));
        }
    }

    @Test
    void theFormOfContrastiveVectorsMatters() throws IOException {
        fixture();
        config().toBuilder()
                .contrastiveForm(ContrastiveForm.TRANSFORMERS)
                .build()
                .save(directory);
        String other;
        float[] carried;
        try (var model = BridgeTowerForContrastiveLearning.load(directory, OPTIONS)) {
            other = model.fingerprint();
            carried = model.imageEmbeds(ImageInputs.of(pixels(32))).toArray();
        }
        config().save(directory);
        try (var model = BridgeTowerForContrastiveLearning.load(directory, OPTIONS)) {
            assertNotEquals(other, model.fingerprint());
            assertFalse(Arrays.equals(
                    carried, model.imageEmbeds(ImageInputs.of(pixels(32))).toArray()));
        }
    }

    @Test
    void namesOfWrappersAreTakenOff() throws IOException {
        fixture().prefixing("module.").write(file());
        assertArrayEquals(pooled(directory, 32, false), pooled(file(), 32, false));
    }

    @Test
    void objectsOfUnknownClassesAreNamedAndNothingOfThemIsRun() throws IOException {
        Path proof = directory.resolve("proof");
        fixture()
                .write(
                        file(),
                        top -> top.text("callbacks")
                                .op('}')
                                .op('(')
                                // A class as a key, as Lightning wrote before version 1.5.
                                .global("pytorch_lightning.callbacks", "ModelCheckpoint")
                                .op('}')
                                .text("attack")
                                .global("posix", "system")
                                .text("touch " + proof)
                                .op(0x85)
                                .op('R')
                                .text("score")
                                .global("numpy.core.multiarray", "scalar")
                                .global("numpy", "dtype")
                                .op('C', 2, 'f', '8')
                                .op(0x85)
                                .op('R')
                                .op('(')
                                .op('K', 3)
                                .op('t')
                                .op('b')
                                .op('C', 1, 0)
                                .op(0x86)
                                .op('R')
                                .op('u'),
                        config -> config.op('}'));
        try (OriginalCheckpoint original = OriginalCheckpoint.open(file(), 0)) {
            assertEquals(
                    Set.of(
                            "pytorch_lightning.callbacks.ModelCheckpoint",
                            "posix.system",
                            "numpy.core.multiarray.scalar",
                            "numpy.dtype"),
                    original.passedOver());
            assertEquals(Set.of("vit_model.logit_scale"), original.unused());
            assertTrue(original.isFineTuned());
        }
        assertFalse(Files.exists(proof));
        assertArrayEquals(pooled(directory, 32, false), pooled(file(), 32, false));
    }

    @Test
    void hyperParametersOfAnUnknownClassAreReadAsTheDictionaryThatItExtends() throws IOException {
        fixture()
                .hyperParameter("max_text_len", 17L)
                .write(
                        file(),
                        top -> {},
                        config -> config.global("pytorch_lightning.utilities.parsing", "AttributeDict")
                                .op(')')
                                .op(0x81));
        try (OriginalCheckpoint original = OriginalCheckpoint.open(file(), 0)) {
            assertEquals(17, original.maxTextTokens().getAsInt());
            assertEquals(Set.of("pytorch_lightning.utilities.parsing.AttributeDict"), original.passedOver());
        }
    }

    @Test
    void anObjectInThePlaceOfATensorIsAMissingTensor() throws IOException {
        fixture().without("text_transformer.embeddings.word_embeddings.weight").write(file());
        MalformedFileException missing = assertThrows(MalformedFileException.class, () -> Checkpoint.open(file()));
        assertEquals("text_transformer.embeddings.word_embeddings.weight", missing.field());
    }

    @Test
    void positionsAreResizedAsTheModelItselfInterpolatesThem() throws IOException {
        fixture().hyperParameter("image_size", 48L).write(file());
        assertArrayEquals(pooled(directory, 48, true), pooled(file(), 48, false));
        try (OriginalCheckpoint original = OriginalCheckpoint.open(file(), 80)) {
            Path made = directory.resolve("made");
            original.write(made, null, original.config(), () -> {});
            assertArrayEquals(pooled(directory, 80, true), pooled(made, 80, false));
        }
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> OriginalCheckpoint.open(file(), 50));
        assertTrue(wrong.getMessage().contains("expected a multiple of the patch size 16"), wrong.getMessage());
    }

    @Test
    void aConvertedModelIsTheSame() throws IOException {
        fixture().write(file());
        Path made = directory.resolve("made");
        try (OriginalCheckpoint original = OriginalCheckpoint.open(file(), 0)) {
            original.write(made, Conversion.Target.BF16, original.config(), () -> {});
        }
        try (Checkpoint checkpoint = Checkpoint.open(made)) {
            assertEquals("bfloat16", checkpoint.config().otherFields().get("torch_dtype"));
            assertEquals(
                    "BF16",
                    checkpoint.heads().info("itm_score.fc.weight").dtype().name());
        }
        pooled(made, 32, false);
    }

    @Test
    void aLayerNormThatIsSeparateMayHaveEitherName() throws IOException {
        float[] ones = new float[64];
        Arrays.fill(ones, 1);
        fixture()
                .tensor("vit_model.visual.cross_modal_ln_separate.0.weight", ones, 64)
                .hyperParameter("vit_layernorm_shared", false)
                .write(file());
        try (Checkpoint checkpoint = Checkpoint.open(file())) {
            assertTrue(checkpoint.weights().has("bridgetower.vision_model.visual.ln_separate.0.weight"));
            assertFalse(checkpoint.config().visionConfig().shareLayernorm());
        }
        fixture()
                .tensor("vit_model.visual.cross_modal_ln_separate.0.weight", ones, 64)
                .tensor("vit_model.visual.ln_separate.0.weight", ones, 64)
                .write(file());
        MalformedFileException twice = assertThrows(MalformedFileException.class, () -> Checkpoint.open(file()));
        assertTrue(twice.getMessage().contains("is another name of"), twice.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "num_layers | 7 | found 7, expected 2, as the weights have",
                "hidden_size | 63 | found 63, expected 64, as the weights have",
                "patch_size | 14 | found 14, expected 16, as the weights have",
                "vqav2_label_size | 3129 | found 3129, expected 5, as the weights have",
                "task_head_layers | 1 | found 1, expected 2, as the weights have",
                "image_size | 50 | found 50, expected a multiple of the patch size 16, 128 patches at most",
                "image_size | -16 | found -16, expected a multiple of the patch size 16",
                "image_size | 999999999999 | found 999999999999, expected an integer of 32 bits",
                "link_tower_type | multiply | found \"multiply\", expected \"add\", \"scaled_add\", \"interpolate\"",
                "tokenizer | bert-base-uncased | found \"bert-base-uncased\", expected that of a RoBERTa",
                "vit_remove_last | 3 | found 3, expected true or false"
            })
    void hyperParametersThatTheWeightsContradictAreRefused(String name, String value, String complaint)
            throws IOException {
        Object parsed = value.matches("-?\\d+") ? (Object) Long.valueOf(value) : value;
        fixture().hyperParameter(name, parsed).write(file());
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> Checkpoint.open(file()));
        assertEquals("hyper_parameters.config." + name, e.field());
        assertTrue(e.getMessage().contains(complaint), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0", "-2", "NaN", "Infinity"})
    void aTemperatureIsPositive(float temperature) throws IOException {
        fixture().tensor("temperature", new float[] {temperature}).write(file());
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> Checkpoint.open(file()));
        assertEquals("temperature", e.field());
    }

    @Test
    void positionsAreASquare() throws IOException {
        fixture()
                .tensor("vit_model.visual.positional_embedding", new float[4 * 64], 4, 64)
                .write(file());
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> Checkpoint.open(file()));
        assertTrue(e.getMessage().contains("a square of patches, file has 4 rows"), e.getMessage());
    }

    @Test
    void aSmallFileDoesNotStandForMuchMemory() throws IOException {
        fixture()
                .tensor("vit_model.visual.positional_embedding", new float[2 * 4096], 2, 4096)
                .hyperParameter("image_size", 2048L)
                .write(file());
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> Checkpoint.open(file()));
        assertEquals("vit_model.visual.positional_embedding", e.field());
    }

    @Test
    void aDictionaryInItselfEndsNowhereButIsNoHarm() throws IOException {
        fixture()
                .write(
                        file(),
                        top -> {},
                        config -> config.op('}')
                                .op('q', 9)
                                .text("loss_names")
                                .op('h', 9)
                                .op('s'));
        OriginalCheckpoint.open(file(), 0).close();
    }

    @Test
    void everyCutIsRefused() throws IOException {
        fixture().write(file());
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length += whole.length / 97) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThrows(MalformedFileException.class, () -> Checkpoint.open(file()));
        }
    }

    private static float[] pooled(Path model, int side, boolean interpolate) throws IOException {
        try (var loaded = BridgeTowerModel.load(model, OPTIONS)) {
            ImageInputs images = ImageInputs.of(pixels(side)).withInterpolatePosEncoding(interpolate);
            return loaded.forward(TextInputs.of(IDS), images, Capture.NONE)
                    .poolerOutput()
                    .toArray();
        }
    }

    private static Tensor pixels(int side) {
        Tensor pixels = Tensor.allocate(Arena.ofAuto(), IDS.length, 3, side, side);
        for (int i = 0; i < side; i++) pixels.set(i / 8f, i % 2, i % 3, i, side - 1 - i);
        return pixels;
    }
}
