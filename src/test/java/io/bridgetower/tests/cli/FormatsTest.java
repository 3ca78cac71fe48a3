package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.checkpoint.safetensors.SafetensorsFile;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.processor.image.ImageProcessor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model directories as versions of Transformers and trainers leave them, at the command line. */
class FormatsTest {
    private static final List<String> TEXTS = List.of("a black square and a yellow cross", "a red circle");

    @TempDir
    private Path directory;

    /** Which once got the default image processor, of another size and mean. */
    @Test
    void aDirectoryOfTransformers5ScoresAsItsModel() throws IOException {
        ModelCopy saved = ModelCopy.in(directory, "model.safetensors", "tokenizer.json");
        for (String name : List.of("config.json", "processor_config.json", "tokenizer_config.json")) {
            Files.copy(resource("transformers5/" + name), saved.directory().resolve(name));
        }
        Run run = score(saved.directory());
        assertEquals(score(Run.DEMO).succeeds(), run.succeeds());
        assertEquals("", run.err());
        Path pixels = directory.resolve("pixels"), expected = directory.resolve("expected");
        preprocess(saved.directory(), pixels).succeeds();
        preprocess(Run.DEMO, expected).succeeds();
        assertEquals(-1, Files.mismatch(expected, pixels));
    }

    @Test
    void aModelWithOneCrossModalLayerAndFewerBlocksThanTextLayersRuns() throws IOException {
        Path model = directory.resolve("model"), inputs = directory.resolve("in"), outputs = directory.resolve("out");
        Run.of("init", "--config", resource("one-cross-layer.json"), "--output", model)
                .succeeds();
        Run.of("info", "--model", model).succeeds();
        new SafetensorsWriter()
                .add("input_ids", new long[] {0, 7, 9, 2}, 1, 4)
                .add("pixel_values", new float[3 * 64 * 64], 1, 3, 64, 64)
                .write(inputs);
        Run.of("forward", "--model", model, "--input", inputs, "--output", outputs)
                .succeeds();
        try (SafetensorsFile file = SafetensorsFile.open(outputs)) {
            assertTrue(file.names()
                    .containsAll(List.of("pooler_output", "hidden_states.text.2", "hidden_states.image.1")));
            assertTrue(
                    !file.names().contains("hidden_states.image.2"),
                    file.names().toString());
        }
    }

    @Test
    void defaultsOfTheImageProcessorAreToldOnce() throws IOException {
        ModelCopy copy = ModelCopy.in(directory).without("preprocessor_config.json");
        Run run = preprocess(copy.directory(), directory.resolve("pixels"));
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains(copy.directory() + ": no preprocessor_config.json"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals("", preprocess(Run.DEMO, directory.resolve("others")).err());
        Run texts = Run.of("embed", "--model", copy.directory(), "--text", "a red circle");
        assertEquals(0, texts.code(), texts.err());
        assertEquals("", texts.err());
    }

    @Test
    void everyCommandReadsAVariant() throws IOException {
        ModelCopy copy = ModelCopy.in(directory);
        Files.move(copy.weights(), copy.directory().resolve("model.fp16.safetensors"));
        Path model = copy.directory();
        score(model).fails("no weights", "there are variants: fp16");
        Run.of("score", "--model", model, "--variant", "bf16", "--image", Run.example(1), "--text", "a")
                .fails("no weights", "model.bf16.safetensors");
        Run.of("score", "--model", model, "--variant", "../x", "--image", Run.example(1), "--text", "a")
                .fails("variant", "../x");
        assertEquals(
                score(Run.DEMO).succeeds(), score(model, "--variant", "fp16").succeeds());
        same(model, "fill", "--image", Run.example(1), "--text", "a black <mask>", "--json");
        same(model, "embed", "--image", Run.example(1), "--text", "a red circle", "--json");
        String info = Run.of("info", "--model", model, "--variant", "fp16").succeeds();
        assertTrue(info.contains("F16"), info);
        Path index = directory.resolve("index"), page = directory.resolve("page.html");
        Run.of("index", "--model", model, "--variant", "fp16", "--image", Run.example(1), "--output", index)
                .succeeds();
        Run.of("search", "--index", index, "--variant", "fp16", "--text", "a black square")
                .succeeds();
        Run.of(
                        "explain",
                        "--model",
                        model,
                        "--variant",
                        "fp16",
                        "--image",
                        Run.example(1),
                        "--text",
                        "a",
                        "--output",
                        page)
                .succeeds();
        Path rows = Files.writeString(
                directory.resolve("rows.jsonl"),
                "{\"id\": 1, \"image\": \"" + Run.example(1) + "\", \"text\": \"a red circle\"}\n");
        Run.of(
                        "batch",
                        "--model",
                        model,
                        "--variant",
                        "fp16",
                        "--input",
                        rows,
                        "--output",
                        directory.resolve("o.jsonl"))
                .succeeds();
        Path converted = directory.resolve("converted");
        Run.of("convert", "--model", model, "--variant", "fp16", "--output", converted)
                .succeeds();
        assertEquals(score(Run.DEMO).succeeds(), score(converted).succeeds());
        assertTrue(Files.notExists(converted.resolve("model.fp16.safetensors")));
    }

    /** Neither 4.57 nor 5.18 reads a crop that is null or a number, or has height and width. */
    @Test
    void whatIsConvertedHasACropThatTransformersReads() throws IOException {
        for (String crop : List.of("null", "96", "{\"height\": 96, \"width\": 96}", "{\"shortest_edge\": 96}")) {
            ModelCopy copy = ModelCopy.in(directory)
                    .with(
                            "preprocessor_config.json",
                            "{\"size\": 96, \"crop_size\": " + crop + ", \"max_text_len\": 50}");
            Path converted = Files.createTempDirectory(directory, "converted");
            Run.of("convert", "--model", copy.directory(), "--output", converted)
                    .succeeds();
            String json = Files.readString(converted.resolve("preprocessor_config.json"));
            assertTrue(json.replaceAll("\\s", "").contains("\"crop_size\":{\"shortest_edge\":96}"), json);
            assertTrue(json.contains("\"max_text_len\": 50"), json);
            assertEquals(96, ImageProcessor.load(converted).config().size());
        }
    }

    private static void same(Path model, Object... command) {
        String expected = Run.of(command).succeeds();
        Object[] arguments = Arrays.copyOf(command, command.length + 4);
        arguments[command.length] = "--model";
        arguments[command.length + 1] = model;
        arguments[command.length + 2] = "--variant";
        arguments[command.length + 3] = "fp16";
        assertEquals(expected, Run.of(arguments).succeeds());
    }

    private static Run score(Path model, Object... options) {
        List<Object> command = new ArrayList<>(List.of("score", "--json", "--model", model));
        command.addAll(List.of("--image", Run.example(1), "--text"));
        command.addAll(TEXTS);
        command.addAll(List.of(options));
        return Run.of(command.toArray());
    }

    private static Run preprocess(Path model, Path output) {
        return Run.of("preprocess", "--model", model, "--image", Run.example(1), "--output", output);
    }

    private static Path resource(String name) {
        try {
            return Path.of(FormatsTest.class.getResource("/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
