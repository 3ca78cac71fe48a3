package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.checkpoint.SafetensorsFile;
import io.bridgetower.model.checkpoint.SafetensorsWriter;
import io.bridgetower.model.checkpoint.TensorReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bridgetower forward} and {@code bridgetower preprocess}. */
class ForwardTest {
    private static final String[] OUTPUTS = {"text_features", "image_features", "pooler_output", "itm.logits"};

    /** Of the largest magnitude in a tensor, or of 1. */
    private static final double TOLERANCE = 5e-6;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {"defaults", "scaled_add", "interpolate_link", "wide_vision", "remove_last_layer", "bf16", "f16"})
    void writesTheOutputsOfTheGoldenFiles(String folder) throws IOException {
        Path golden = golden(folder), out = directory.resolve("out.safetensors");
        Run run =
                Run.of("forward", "--model", golden, "--inputs", golden.resolve("inputs.safetensors"), "--output", out);
        assertEquals("", run.succeeds() + run.err());
        for (String name : OUTPUTS) assertClose(golden.resolve("outputs.safetensors"), out, name);
    }

    @Test
    void writesWhatIsAskedFor() throws IOException {
        Path golden = golden("defaults"), out = directory.resolve("out.safetensors");
        Files.writeString(out, "an older file");
        Object[] args = {
            "forward",
            "--model",
            golden,
            "--inputs",
            golden.resolve("inputs.safetensors"),
            "--output",
            out,
            "--outputs",
            "itm.logits,image_features"
        };
        Run.of(args).succeeds();
        assertEquals(Set.of("itm.logits", "image_features"), names(out));
        assertClose(golden.resolve("outputs.safetensors"), out, "itm.logits");
    }

    @Test
    void leavesOutHeadsThatTheCheckpointLacks() throws IOException {
        Path headless = ModelCopy.in(directory)
                .replacingInHeader("\"itm_score.", "\"other_score.")
                .directory();
        Path inputs = inputs(2, 2), out = directory.resolve("out.safetensors");
        Run.of("forward", "--model", headless, "--inputs", inputs, "--output", out)
                .succeeds();
        assertEquals(Set.of("text_features", "image_features", "pooler_output"), names(out));
        Object[] asking = {
            "forward", "--model", headless, "--inputs", inputs, "--output", out, "--outputs", "itm.logits"
        };
        Run.of(asking).fails(headless, "itm.logits");
    }

    @Test
    void refusesWhatItCannotRun() throws IOException {
        Path golden = golden("defaults"), inputs = golden.resolve("inputs.safetensors");
        Path out = directory.resolve("out.safetensors");
        Run.of("forward", "--model", golden, "--inputs", inputs, "--output", out, "--outputs", "itm.logits,foo")
                .isMisuse("foo", "text_features, image_features, pooler_output, itm.logits");
        Run.of("forward", "--model", golden, "--inputs", inputs, "--output", directory.resolve("none/out"))
                .fails("no directory", directory.resolve("none"));
        Run.of("forward", "--model", golden, "--inputs", inputs, "--output", directory)
                .fails("directory");
        Path device = Files.createSymbolicLink(directory.resolve("inputs-device"), Path.of("/dev/null"));
        Run.of("forward", "--model", golden, "--inputs", inputs, "--output", device)
                .fails(device, "something else");
        Files.delete(device);
        Run.of("forward", "--model", golden, "--inputs", directory.resolve("none"), "--output", out)
                .fails("no such file");
        Run.of("forward", "--model", golden, "--inputs", golden.resolve("config.json"), "--output", out)
                .fails("config.json");
        Run.of("forward", "--model", golden, "--inputs", golden.resolve("model.safetensors"), "--output", out)
                .fails("model.safetensors", "input_ids", "no such tensor");
        Run.of("forward", "--model", Run.DEMO, "--inputs", inputs(2, 1), "--output", out)
                .fails("inputs", "2", "1");
        Run.of("forward", "--model", Run.DEMO, "--inputs", inputs, "--output", out)
                .fails("inputs.safetensors", "pixel_values", "expected");
        Run.of("forward", "--inputs", inputs, "--output", out).isMisuse("--model");
        try (Stream<Path> files = Files.list(directory)) {
            assertTrue(files.allMatch(file -> file.toString().contains("inputs")));
        }
    }

    @Test
    void preprocessWritesWhatForwardReads() throws IOException {
        Path processor = ModelCopy.in(directory, "preprocessor_config.json").directory();
        Path out = directory.resolve("pixels.safetensors");
        Object[] args = {"preprocess", "--model", processor, "--image", Run.example(1), Run.example(2), "--output", out
        };
        assertEquals("", Run.of(args).succeeds());
        try (SafetensorsFile file = SafetensorsFile.open(out)) {
            assertArrayEquals(
                    new long[] {2, 3, 96, 96},
                    file.entries().get("pixel_values").shape());
            assertArrayEquals(
                    new long[] {2, 96, 96}, file.entries().get("pixel_mask").shape());
        }
    }

    @Test
    void preprocessRefusesWhatItCannotRead() throws IOException {
        Path out = directory.resolve("pixels.safetensors");
        Path text = Files.writeString(directory.resolve("text.png"), "not a picture");
        Run.of("preprocess", "--model", Run.DEMO, "--image", text, "--output", out)
                .fails("text.png", "not a picture");
        Run.of("preprocess", "--model", Run.DEMO, "--image", directory, "--output", out)
                .fails("directory");
        Run.of("preprocess", "--model", directory.resolve("none"), "--image", Run.example(1), "--output", out)
                .fails("none", "no such");
        Run.of("preprocess", "--model", Run.DEMO, "--output", out).isMisuse("--image");
        ModelCopy broken = ModelCopy.in(directory, "preprocessor_config.json").with("preprocessor_config.json", "{");
        Run.of("preprocess", "--model", broken.directory(), "--image", Run.example(1), "--output", out)
                .fails("preprocessor_config.json");
    }

    private Path inputs(int texts, int images) throws IOException {
        Path file = directory.resolve("inputs-" + texts + "-" + images + ".safetensors");
        new SafetensorsWriter()
                .add("input_ids", new long[texts * 3], texts, 3)
                .add("pixel_values", new float[images * 3 * 96 * 96], images, 3, 96, 96)
                .write(file);
        return file;
    }

    private static Set<String> names(Path path) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return Set.copyOf(file.names());
        }
    }

    private static void assertClose(Path expected, Path actual, String name) throws IOException {
        float[] wanted = floats(expected, name), found = floats(actual, name);
        double largest = 1;
        for (float value : wanted) largest = Math.max(largest, Math.abs(value));
        assertArrayEquals(wanted, found, (float) (TOLERANCE * largest), name);
    }

    private static float[] floats(Path path, String name) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return new TensorReader(file).readFloats(name, Arena.ofAuto()).toArray();
        }
    }

    private static Path golden(String folder) {
        try {
            return Path.of(ForwardTest.class.getResource("/golden/" + folder).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
