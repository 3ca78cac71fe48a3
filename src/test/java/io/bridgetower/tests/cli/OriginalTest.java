package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.checkpoint.safetensors.SafetensorsFile;
import io.bridgetower.model.checkpoint.safetensors.TensorReader;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.ContrastiveForm;
import io.bridgetower.processor.image.CropSize;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.ImageProcessorConfig;
import io.bridgetower.tests.Golden;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of the authors' code: {@code convert --from original}, and commands on the files themselves. */
class OriginalTest {
    /** Of the largest magnitude in a tensor, or of 1. */
    private static final double TOLERANCE = 5e-6;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @Tag("parity")
    @ValueSource(strings = {"original_vqa", "original_nlvr2", "original_snli"})
    void aConvertedModelComputesWhatTheAuthorsDoesAndTheFileItselfTheSame(String folder) throws IOException {
        Path golden = Golden.directory(folder),
                model = directory.resolve("model"),
                expected = golden.resolve("outputs.safetensors");
        convert(golden, model);
        Path converted = forward(model, golden), direct = forward(golden.resolve("last.ckpt"), golden);
        for (String name : names(expected)) {
            float[] wanted = floats(expected, name);
            double largest = 1;
            for (float value : wanted) largest = Math.max(largest, Math.abs(value));
            assertArrayEquals(wanted, floats(converted, name), (float) (TOLERANCE * largest), name);
        }
        assertEquals(-1, Files.mismatch(converted, direct), "the same bits");
    }

    @Test
    void theConfigurationComesFromTheHyperParameters() throws IOException {
        Path model = directory.resolve("model");
        Run run = convert(Golden.directory("original_nlvr2"), model);
        assertTrue(run.err().contains("left out 3 tensors that the model does not use: vit_model.*"), run.err());
        BridgeTowerConfig config = BridgeTowerConfig.load(model);
        assertEquals(List.of("BridgeTowerForVisualReasoning"), config.architectures());
        assertEquals(ContrastiveForm.ORIGINAL, config.contrastiveForm());
        assertEquals(1e-12, config.crossModalLayerNormEps().getAsDouble());
        assertEquals(1e-5, config.layerNormEps());
        assertEquals(1e-5, config.textConfig().layerNormEps());
        assertEquals(3, config.modalityTypeVocabSize());
        assertEquals(4, config.textConfig().numAttentionHeads());
        assertEquals(2, config.numHiddenLayers());
        assertEquals(120, config.textConfig().vocabSize());
        assertEquals(24, config.contrastiveHiddenSize());
        assertEquals(64, config.visionConfig().imageSize());
        assertEquals(40L, config.otherFields().get("max_text_len"));
        assertEquals("float32", config.otherFields().get("torch_dtype"));
    }

    @Test
    void imagesAreSqueezedIntoTheSquareOfTheModel() throws IOException {
        Path model = directory.resolve("model");
        convert(Golden.directory("original_vqa"), model);
        ImageProcessorConfig images = ImageProcessor.load(model).config();
        assertEquals(CropSize.square(64), images.exactSize());
        assertEquals(1, images.sizeDivisor());
        assertTrue(Files.readString(model.resolve("preprocessor_config.json")).contains("\"height\": 64"));
        Path pixels = directory.resolve("pixels.safetensors"), wide = directory.resolve("wide.ppm");
        // A third of red, two thirds of blue: nothing is cut off, and nothing padded.
        byte[] head = "P6 90 20 255\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                ppm = new byte[head.length + 5400];
        System.arraycopy(head, 0, ppm, 0, head.length);
        for (int i = 0; i < 1800; i++) ppm[head.length + 3 * i + (i % 90 < 30 ? 0 : 2)] = (byte) 255;
        Files.write(wide, ppm);
        Run.of("preprocess", "--model", model, "--image", wide, "--output", pixels)
                .succeeds();
        float[] values = floats(pixels, "pixel_values");
        assertEquals(3 * 64 * 64, values.length);
        assertTrue(values[0] > 1.5 && values[63] < -1.5, "red at the left, none at the right");
        assertTrue(values[18] > 1.5 && values[24] < -1.5, "the border at a third of the width");
    }

    @Test
    void anotherImageSizeResizesThePositions() throws IOException {
        Path golden = Golden.directory("original_vqa"), model = directory.resolve("model");
        Run.of(
                        "convert",
                        "--from",
                        "original",
                        "--model",
                        golden.resolve("last.ckpt"),
                        "--output",
                        model,
                        "--image-size",
                        96)
                .succeeds();
        assertEquals(96, BridgeTowerConfig.load(model).visionConfig().imageSize());
        assertEquals(CropSize.square(96), ImageProcessor.load(model).config().exactSize());
        String name = "bridgetower.vision_model.visual.embeddings.position_embedding.weight";
        try (SafetensorsFile file = SafetensorsFile.open(model.resolve("model.safetensors"))) {
            assertArrayEquals(new long[] {37, 64}, file.info(name).shape());
        }
        Run.of(
                        "convert",
                        "--from",
                        "original",
                        "--model",
                        golden.resolve("last.ckpt"),
                        "--output",
                        model,
                        "--force",
                        "--image-size",
                        100)
                .fails("image size: expected a multiple of the patch size 16", "found 100");
    }

    @Test
    void answersAndTokenizerComeFromTheUser() throws IOException {
        Path golden = Golden.directory("original_vqa"),
                model = directory.resolve("model"),
                answers = directory.resolve("a.json");
        Files.writeString(
                answers, "[\"yes\",\"no\",\"2\",\"red\",\"blue\",\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\"]");
        Object[] args = {
            "convert",
            "--from",
            "original",
            "--model",
            golden.resolve("last.ckpt"),
            "--tokenizer",
            Run.DEMO,
            "--answers",
            answers,
            "--output",
            model
        };
        Run.of(args).succeeds();
        assertEquals("red", BridgeTowerConfig.load(model).labels().get(3));
        assertTrue(Files.exists(model.resolve("tokenizer.json")));
        Path renamed = directory.resolve("renamed");
        Files.writeString(answers, Files.readString(answers).replace("red", "green"));
        Run.of("convert", "--model", model, "--answers", answers, "--output", renamed)
                .succeeds();
        assertEquals("green", BridgeTowerConfig.load(renamed).labels().get(3));
        Files.writeString(answers, "[\"yes\"]");
        Run.of("convert", "--model", model, "--answers", answers, "--output", directory.resolve("x"))
                .fails(answers + ": holds 1 answers, expected 13");
        Run.of("convert", "--model", Run.DEMO, "--answers", answers, "--output", directory.resolve("x"))
                .fails("no head for questions");
    }

    /** A tokenizer of single letters, as the model has 120 tokens. */
    @Test
    void aQuestionIsAnsweredByTheFileItselfAsByTheConvertedModel() throws IOException {
        Path file = directory.resolve("last.ckpt"), model = directory.resolve("model");
        Files.copy(Golden.directory("original_vqa").resolve("last.ckpt"), file);
        Files.writeString(
                directory.resolve("vocab.json"),
                "{\"<s>\":0,\"<pad>\":1,\"</s>\":2,\"<unk>\":3,\"<mask>\":4,\"a\":5,\"b\":6,\"?\":7}");
        Files.writeString(directory.resolve("merges.txt"), "#version: 0.2\n");
        Run.of("convert", "--from", "original", "--model", file, "--tokenizer", directory, "--output", model)
                .succeeds();
        String direct = ask(file);
        assertTrue(direct.contains("LABEL_12"), direct);
        assertEquals(direct, ask(model));
    }

    private static String ask(Path model) {
        return Run.of("ask", "--model", model, "--image", Run.example(1), "--question", "ab?", "--top", "13")
                .succeeds();
    }

    @Test
    void whatNeedsTheHeadOfPairsSaysSo() {
        Path golden = Golden.directory("original_vqa");
        Run.of(
                        "forward",
                        "--model",
                        golden.resolve("last.ckpt"),
                        "--input",
                        golden.resolve("inputs.safetensors"),
                        "--output",
                        directory.resolve("out"),
                        "--outputs",
                        "itc.cross_embeds")
                .fails("last.ckpt: the checkpoint has no head for itc.cross_embeds");
    }

    @Test
    void wrongFilesAreRefused() throws IOException {
        Path other = directory.resolve("other.ckpt"), out = directory.resolve("out");
        Files.copy(Golden.directory("pytorch_bin").resolve("pytorch_model.bin"), other);
        Run.of("convert", "--from", "original", "--model", other, "--output", out)
                .fails(other + ": holds no model of the authors' code: no tensors text_transformer.*");
        Run.of("convert", "--from", "original", "--model", directory, "--output", out)
                .fails(directory + ": expected a file of the authors' code, such as last.ckpt, found a directory");
        Run.of("convert", "--model", Run.DEMO, "--output", out, "--image-size", 96)
                .isMisuse("--image-size: expected --from original");
        Run.of("forward", "--model", "none/last.ckpt", "--input", other, "--output", out)
                .fails("none/last.ckpt");
    }

    private static Run convert(Path golden, Path model) {
        Run run = Run.of("convert", "--from", "original", "--model", golden.resolve("last.ckpt"), "--output", model);
        run.succeeds();
        return run;
    }

    private Path forward(Path model, Path golden) throws IOException {
        Path out = Files.createTempFile(directory, "out", ".safetensors");
        Run.of("forward", "--model", model, "--input", golden.resolve("inputs.safetensors"), "--force", "--output", out)
                .succeeds();
        return out;
    }

    private static Set<String> names(Path path) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return Set.copyOf(file.names());
        }
    }

    private static float[] floats(Path path, String name) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return new TensorReader(file).readFloats(name, Arena.ofAuto()).toArray();
        }
    }
}
