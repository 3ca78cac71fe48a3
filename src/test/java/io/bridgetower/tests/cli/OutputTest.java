package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No command writes over what it reads, however the two are called, or waits for a pipe without a word. */
class OutputTest {
    private static final Path TENSORS = Run.ROOT.resolve("src/test/resources/golden/defaults/inputs.safetensors");

    @TempDir
    private Path directory;

    private Path input;

    /** The command of a name, without its output. */
    private List<Object> command(String name) throws IOException {
        input = directory.resolve(
                name.equals("forward") ? "in.safetensors" : name.equals("batch") ? "in.csv" : "in.png");
        switch (name) {
            case "forward" -> Files.copy(TENSORS, input);
            case "batch" -> Files.writeString(input, "id,image,text\n1,01.png,a star\n");
            default -> Files.copy(Run.example(1), input);
        }
        return switch (name) {
            case "forward" -> List.of("forward", "--model", model, "--input", input);
            case "preprocess" -> List.of("preprocess", "--model", model, "--image", Run.example(2), input);
            case "explain" -> List.of("explain", "--model", model, "--image", input, "--text", "a star");
            case "embed" -> List.of("embed", "--model", model, "--image", input);
            case "batch" -> List.of("batch", "--model", model, "--input", input);
            default -> throw new AssertionError(name);
        };
    }

    private Path model;

    @BeforeEach
    void copyModel() throws IOException {
        model = ModelCopy.in(directory).directory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "preprocess", "explain", "embed", "batch"})
    void anInputIsNotWrittenOver(String name) throws IOException {
        List<Object> command = command(name);
        byte[] content = Files.readAllBytes(input);
        String ending = name.equals("batch") ? ".csv" : "";
        Path soft = Files.createSymbolicLink(directory.resolve("soft" + ending), input);
        Path hard = Files.createLink(directory.resolve("hard" + ending), input);
        Path dotted = model.resolve("..").resolve(input.getFileName());
        for (Path output : new Path[] {input, soft, hard, dotted}) {
            run(command, output).fails(output + ": is the same file as the input " + input);
        }
        assertArrayEquals(content, Files.readAllBytes(input));
        assertTrue(Files.isSymbolicLink(soft));
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "preprocess", "explain", "embed"})
    void aFileOfTheModelIsNotWrittenOver(String name) throws IOException {
        List<Object> command = command(name);
        Map<Path, Long> before = sizes(model);
        for (String file : new String[] {"model.safetensors", "config.json", "tokenizer.json"}) {
            run(command, model.resolve(file)).fails(file + ": is the same file as the input");
        }
        Path link = Files.createSymbolicLink(directory.resolve("out.safetensors"), model.resolve("model.safetensors"));
        run(command, link).fails("out.safetensors: is the same file as the input", "model.safetensors");
        assertEquals(before, sizes(model));
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "preprocess", "explain", "embed", "batch"})
    void anOutputIsReplacedOnlyIfAsked(String name) throws IOException {
        List<Object> command = new ArrayList<>(command(name));
        if (name.equals("forward")) command.addAll(List.of("--outputs", "pooler_output"));
        if (name.equals("batch")) command.addAll(List.of("--image-root", Run.ROOT.resolve("examples")));
        // The inputs of forward are those of this model.
        if (name.equals("forward")) command.set(2, TENSORS.getParent());
        Path output = Files.writeString(directory.resolve("out.csv"), "precious");
        List<Object> unasked = new ArrayList<>(command);
        unasked.addAll(List.of("--output", output));
        Run.of(unasked.toArray()).fails(output + ": exists already", "--force");
        assertEquals("precious", Files.readString(output));
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling.csv"), directory.resolve("none"));
        unasked.set(unasked.size() - 1, dangling);
        if (!name.equals("batch")) Run.of(unasked.toArray()).fails(dangling + ": exists already", "--force");
        run(command, output).succeeds();
        assertTrue(Files.size(output) > 100 || name.equals("batch"), name);
        assertTrue(!new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1).contains("precious"));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    0, files.filter(file -> file.toString().endsWith(".tmp")).count());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"convert", "init"})
    void aModelIsReplacedOnlyIfAskedAndOnlyByAWholeOne(String name) throws IOException {
        Path output = Files.createDirectory(directory.resolve("out"));
        Object[] args = {name, name.equals("init") ? "--config" : "--model", Run.DEMO, "--output", output, "--force"};
        Object[] unasked = Arrays.copyOf(args, args.length - 1);
        Run.of(unasked).succeeds();
        byte[] weights = Files.readAllBytes(output.resolve("model.safetensors"));
        Files.writeString(output.resolve("config.json"), "old");
        Files.writeString(output.resolve("notes.txt"), "mine");
        Run.of(unasked).fails(output + ": exists already; --force replaces it");
        assertEquals("old", Files.readString(output.resolve("config.json")));
        Run.of(args).succeeds();
        assertTrue(Files.readString(output.resolve("config.json")).contains("hidden_size"));
        assertArrayEquals(weights, Files.readAllBytes(output.resolve("model.safetensors")));
        assertEquals("mine", Files.readString(output.resolve("notes.txt")));
        Path damaged = ModelCopy.in(directory)
                .with("config.json", "{\"model_type\": \"bridgetower\", \"hidden_size\": 0}")
                .changing(ModelCopy::half)
                .directory();
        args[2] = damaged;
        assertEquals(1, Run.of(args).code());
        assertTrue(Files.readString(output.resolve("config.json")).contains("hidden_size"));
        assertArrayEquals(weights, Files.readAllBytes(output.resolve("model.safetensors")));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    0,
                    files.filter(file -> file.getFileName().toString().startsWith("."))
                            .count());
        }
    }

    @Test
    void aModelIsNotConvertedOntoItself() throws IOException {
        Map<Path, Long> before = sizes(model);
        Path link = Files.createSymbolicLink(directory.resolve("link"), model);
        for (Path output : new Path[] {model, link, model.resolve("..").resolve(model.getFileName())}) {
            Run.of("convert", "--model", model, "--dtype", "bf16", "--output", output)
                    .fails(output + ": exists already; --force replaces it");
            Run.of("convert", "--model", model, "--dtype", "bf16", "--output", output, "--force")
                    .fails(output + ": is the same file as the input");
            Run.of("init", "--config", model.resolve("config.json"), "--output", output, "--force")
                    .fails("is the same file as the input");
        }
        assertEquals(before, sizes(model));
    }

    @Test
    void anIndexIsNotBegunInWhatItIsMadeOf() throws IOException {
        Path images = Files.createDirectory(directory.resolve("images"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), images);
        Path captions = Files.writeString(directory.resolve("captions.txt"), "a star\n");
        for (Path output : new Path[] {images, link}) {
            Run.of("index", "--image", images, "--output", output).fails(output + ": is the same file as the input");
        }
        Run.of("index", "--input", captions, "--output", captions).fails("is the same file as the input");
        Run.of("index", "--input", captions, "--model", model, "--output", model)
                .fails("is the same file as the input");
        assertEquals(Map.of(), sizes(images));
        assertEquals("a star\n", Files.readString(captions));
    }

    @Test
    @Timeout(60)
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no pipes among files")
    void aPipeIsNotWaitedFor() throws Exception {
        Path rows = pipe("rows.jsonl"), image = pipe("image.png"), tensors = pipe("in.safetensors");
        Path out = directory.resolve("out.jsonl");
        Run.of("batch", "--input", rows, "--output", out).fails(rows + ": expected a regular file");
        Run.of("batch", "--input", "-", "--output", out).isMisuse("--input", "standard input");
        Run.of("forward", "--model", model, "--input", tensors, "--output", out)
                .fails(tensors + ": expected a regular");
        Run.of("explain", "--image", image, "--text", "a star", "--output", out).fails(image + ": expected a regular");
        Run.of("index", "--image", image, "--output", directory.resolve("index"))
                .fails(image);
        // Among other images, it is one that cannot be read.
        Path input = Files.writeString(
                directory.resolve("in.csv"),
                "id,image,text\n1," + image + ",a star\n2," + Run.example(1) + ",a star\n");
        assertEquals(3, Run.of("batch", "--input", input, "--output", out).code());
        assertEquals(
                "{\"id\":\"1\",\"error\":\"" + image + ": expected a regular file\"}",
                Files.readAllLines(out).get(0));
        Path photos = Files.createDirectory(directory.resolve("photos"));
        Files.copy(Run.example(1), photos.resolve("1.png"));
        Files.createSymbolicLink(photos.resolve("2.png"), image);
        Run.of("index", "--image", photos, "--output", directory.resolve("index"))
                .succeeds();
    }

    private Path pipe(String name) throws IOException, InterruptedException {
        Path pipe = directory.resolve(name);
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start();
        assertTrue(made.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, made.exitValue());
        return pipe;
    }

    private static Run run(List<Object> command, Path output) {
        List<Object> whole = new ArrayList<>(command);
        whole.addAll(List.of("--force", "--output", output));
        return Run.of(whole.toArray());
    }

    private static Map<Path, Long> sizes(Path directory) throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) sizes.put(file, Files.size(file));
        }
        return sizes;
    }
}
