package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.checkpoint.safetensors.SafetensorsFile;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.checkpoint.safetensors.TensorReader;
import io.bridgetower.tests.Golden;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code bridgetower forward} and {@code bridgetower preprocess}. */
class ForwardTest {
    /** Of the largest magnitude in a tensor, or of 1. */
    private static final double TOLERANCE = 5e-6;

    @TempDir
    private Path directory;

    /** Whole models, and each of the encoders alone. */
    private static Stream<String> foldersOfTensors() {
        return Stream.concat(
                Golden.checkpoints().stream(),
                Stream.of(
                        "text_encoder",
                        "text_decoder",
                        "text_cross_decoder",
                        "vision_shared_ln",
                        "vision_separate_ln"));
    }

    @ParameterizedTest
    @Tag("parity")
    @MethodSource("foldersOfTensors")
    void writesTheOutputsOfTheGoldenFiles(String folder) throws IOException {
        Path golden = Golden.directory(folder), expected = golden.resolve("outputs.safetensors");
        Path out = directory.resolve("out.safetensors");
        List<Object> args = new ArrayList<>(List.of(
                "forward",
                "--model",
                golden,
                "--input",
                golden.resolve("inputs.safetensors"),
                "--force",
                "--output",
                out));
        if (folder.equals("interpolate_pos")) args.add("--interpolate-pos-encoding");
        assertEquals("", Run.of(args.toArray()).succeeds());
        Set<String> golds = names(expected), written = names(out);
        assertTrue(written.containsAll(golds), () -> "written: " + written);
        for (String name : golds) assertClose(expected, out, name);
        args.addAll(List.of("--outputs", String.join(",", golds)));
        assertEquals("", Run.of(args.toArray()).succeeds());
        assertEquals(golds, names(out));
        for (String name : golds) assertClose(expected, out, name);
    }

    @Test
    void groupsMeanAllThatBeginWithTheirName() throws IOException {
        assertEquals(Set.of("itc.text_embeds", "itc.loss"), written("itc.text_embeds,itc.loss"));
        assertEquals(Set.of("itm.logits", "itm.loss"), written("itm"));
        assertEquals(
                Set.of(
                        "attentions.1.text",
                        "attentions.1.image",
                        "cross_attentions.0.text",
                        "hidden_states.cross.0.text",
                        "hidden_states.cross.0.image"),
                written("attentions.1,cross_attentions.0.text,hidden_states.cross.0"));
        Path golden = Golden.directory("defaults"), out = directory.resolve("none.safetensors");
        Object[] args = {
            "forward",
            "--model",
            golden,
            "--input",
            golden.resolve("inputs.safetensors"),
            "--force",
            "--output",
            out,
            "--outputs",
            "attentions.7"
        };
        Run.of(args).fails("no output attentions.7", "attentions.N.text", "itc.loss");
    }

    private Set<String> written(String outputs) throws IOException {
        Path golden = Golden.directory("defaults"), out = directory.resolve("groups.safetensors");
        Object[] args = {
            "forward",
            "--model",
            golden,
            "--input",
            golden.resolve("inputs.safetensors"),
            "--force",
            "--output",
            out,
            "--outputs",
            outputs
        };
        Run.of(args).succeeds();
        Set<String> names = names(out);
        for (String name : names) {
            if (!name.startsWith("cross_")) assertClose(golden.resolve("outputs.safetensors"), out, name);
        }
        return names;
    }

    @Test
    void embeddingsAsInputsGiveWhatPixelsGive() throws IOException {
        Path golden = Golden.directory("defaults"), fromIds = directory.resolve("ids.safetensors");
        Path inputs = directory.resolve("embeds.safetensors"), fromEmbeds = directory.resolve("out.safetensors");
        Run.of(
                        "forward",
                        "--model",
                        golden,
                        "--input",
                        golden.resolve("inputs.safetensors"),
                        "--force",
                        "--output",
                        fromIds,
                        "--outputs",
                        "hidden_states.image.0,itm.logits")
                .succeeds();
        try (SafetensorsFile file = SafetensorsFile.open(golden.resolve("inputs.safetensors"));
                SafetensorsFile states = SafetensorsFile.open(fromIds)) {
            TensorReader reader = new TensorReader(file);
            int[][] ids = reader.readInts("input_ids");
            new SafetensorsWriter()
                    .add("input_ids", longs(ids), ids.length, ids[0].length)
                    .add("attention_mask", longs(reader.readInts("attention_mask")), ids.length, ids[0].length)
                    .add("token_type_ids", new long[ids.length * ids[0].length], ids.length, ids[0].length)
                    .add("image_embeds", new TensorReader(states).readFloats("hidden_states.image.0", Arena.ofAuto()))
                    .write(inputs);
        }
        Run.of("forward", "--model", golden, "--input", inputs, "--force", "--output", fromEmbeds, "--outputs", "itm")
                .succeeds();
        assertEquals(Set.of("itm.logits"), names(fromEmbeds));
        assertClose(golden.resolve("outputs.safetensors"), fromEmbeds, "itm.logits");
        Run.of(
                        "forward",
                        "--model",
                        golden,
                        "--input",
                        inputs,
                        "--force",
                        "--output",
                        fromEmbeds,
                        "--outputs",
                        "itm.loss")
                .fails(inputs, "itm.labels");
    }

    private static long[] longs(int[][] rows) {
        return Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
    }

    @Test
    void writesWhatIsAskedFor() throws IOException {
        Path golden = Golden.directory("defaults"), out = directory.resolve("out.safetensors");
        Files.writeString(out, "an older file");
        Object[] args = {
            "forward",
            "--model",
            golden,
            "--input",
            golden.resolve("inputs.safetensors"),
            "--force",
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
                .replacingInHeader("\"mlm_score.", "\"other_mlm.")
                .replacingInHeader("\"itc_", "\"other_itc_")
                .directory();
        Path inputs = inputs(2, 2), out = directory.resolve("out.safetensors");
        Run.of("forward", "--model", headless, "--input", inputs, "--force", "--output", out)
                .succeeds();
        Set<String> written = names(out);
        assertTrue(written.containsAll(Set.of("text_features", "image_features", "pooler_output")));
        assertTrue(written.stream().noneMatch(name -> name.matches("(itm|mlm|itc)\\..*")), () -> "written: " + written);
        Object[] asking = {
            "forward", "--model", headless, "--input", inputs, "--force", "--output", out, "--outputs", "itm.logits"
        };
        Run.of(asking).fails(headless, "itm.logits");
    }

    @Test
    void refusesWhatItCannotRun() throws IOException {
        Path golden = Golden.directory("defaults"), inputs = golden.resolve("inputs.safetensors");
        Path out = directory.resolve("out.safetensors");
        Run.of(
                        "forward",
                        "--model",
                        golden,
                        "--input",
                        inputs,
                        "--force",
                        "--output",
                        out,
                        "--outputs",
                        "itm.logits,foo")
                .isMisuse("foo", "text_features, image_features, pooler_output");
        Run.of("forward", "--model", golden, "--input", inputs, "--force", "--output", directory.resolve("none/out"))
                .fails("no directory", directory.resolve("none"));
        Run.of("forward", "--model", golden, "--input", inputs, "--force", "--output", directory)
                .fails("directory");
        Run.of("forward", "--model", golden, "--input", directory.resolve("none"), "--force", "--output", out)
                .fails("no such file");
        Run.of("forward", "--model", golden, "--input", golden.resolve("config.json"), "--force", "--output", out)
                .fails("config.json");
        Run.of("forward", "--model", golden, "--input", golden.resolve("model.safetensors"), "--force", "--output", out)
                .fails("model.safetensors", "input_ids", "no such tensor");
        Run.of("forward", "--model", Run.DEMO, "--input", inputs(2, 1), "--force", "--output", out)
                .fails("inputs", "2", "1");
        Run.of("forward", "--model", Run.DEMO, "--input", inputs, "--force", "--output", out)
                .fails("inputs.safetensors", "pixel_values", "expected");
        Run.of("forward", "--input", inputs, "--force", "--output", out).isMisuse("--model");
        try (Stream<Path> files = Files.list(directory)) {
            assertTrue(files.allMatch(file -> file.toString().contains("inputs")));
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no devices among files")
    void refusesADevice() throws IOException {
        Path golden = Golden.directory("defaults"), inputs = golden.resolve("inputs.safetensors");
        Path device = Files.createSymbolicLink(directory.resolve("device"), Path.of("/dev/null"));
        Run.of("forward", "--model", golden, "--input", inputs, "--force", "--output", device)
                .fails(device, "something else");
    }

    @Test
    void preprocessWritesWhatForwardReads() throws IOException {
        Path processor = ModelCopy.in(directory, "preprocessor_config.json").directory();
        Path out = directory.resolve("pixels.safetensors");
        Object[] args = {
            "preprocess", "--model", processor, "--image", Run.example(1), Run.example(2), "--force", "--output", out
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
        Path text = Files.writeString(directory.resolve("text.png"), "not an image");
        Run.of("preprocess", "--model", Run.DEMO, "--image", text, "--force", "--output", out)
                .fails("text.png", "not an image");
        Run.of("preprocess", "--model", Run.DEMO, "--image", directory, "--force", "--output", out)
                .fails("directory");
        Run.of(
                        "preprocess",
                        "--model",
                        directory.resolve("none"),
                        "--image",
                        Run.example(1),
                        "--force",
                        "--output",
                        out)
                .fails("none", "no such");
        Run.of("preprocess", "--model", Run.DEMO, "--force", "--output", out).isMisuse("--image");
        ModelCopy broken = ModelCopy.in(directory, "preprocessor_config.json").with("preprocessor_config.json", "{");
        Run.of("preprocess", "--model", broken.directory(), "--image", Run.example(1), "--force", "--output", out)
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
}
