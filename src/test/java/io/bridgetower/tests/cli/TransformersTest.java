package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bridgetower.processor.BridgeTowerProcessor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What we write is read by the Transformers of this machine, and what it writes is read by us, with the same scores. Needs
 * a Python with torch, transformers and pillow: {@code BRIDGETOWER_PYTHON} in the environment names it, {@code python3} if
 * it does not.
 */
class TransformersTest {
    private static final List<String> TEXTS = List.of("a black square and a yellow cross", "a red circle");

    /** What the order of sums changes in logits of 32-bit floats. */
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path directory;

    @Test
    void modelsAreReadInBothDirections() throws Exception {
        String python = System.getenv().getOrDefault("BRIDGETOWER_PYTHON", "python3");
        assumeTrue(
                exitCode(python, "-c", "import torch, transformers, PIL") == 0,
                python + " has no torch, transformers and pillow; BRIDGETOWER_PYTHON names one that has");
        Path ours = directory.resolve("ours"), theirs = directory.resolve("theirs");
        Run.of("convert", "--model", Run.DEMO, "--dtype", "f32", "--output", ours)
                .succeeds();
        BridgeTowerProcessor.load(Run.DEMO).save(ours);
        double[] expected = scores(score(ours));
        double[] found = reference(python, ours, theirs);
        assertArrayEquals(expected, found, TOLERANCE, "what we write");
        assertArrayEquals(expected, scores(score(theirs)), TOLERANCE, "what Transformers writes");
        Path half = directory.resolve("theirs-half");
        assertArrayEquals(expected, scores(score(half, "--variant", "fp16")), TOLERANCE, "a variant");
        // Once more over what Transformers wrote, whose files of other names must not go on being read.
        BridgeTowerProcessor.load(Run.DEMO).save(theirs);
        assertArrayEquals(expected, reference(python, theirs, directory.resolve("again")), TOLERANCE, "over theirs");
    }

    private static Run score(Path model, String... options) {
        List<Object> command = new ArrayList<>(List.of("score", "--json", "--model", model, "--image", Run.example(1)));
        command.add("--text");
        command.addAll(TEXTS);
        command.addAll(List.of(options));
        return Run.of(command.toArray());
    }

    private double[] reference(String python, Path model, Path output) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                python,
                script(),
                model.toString(),
                output.toString(),
                Run.example(1).toString()));
        command.addAll(TEXTS);
        Path errors = directory.resolve("errors");
        Process process = start(errors, command);
        String json = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> read(errors));
        return logits(json);
    }

    private int exitCode(String... command) throws InterruptedException {
        try {
            Process process = start(directory.resolve("probe"), List.of(command));
            process.getInputStream().readAllBytes();
            return process.waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    private static Process start(Path errors, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().put("HF_HUB_OFFLINE", "1");
        return builder.start();
    }

    /** The logits of {@code score --json}, in the order of the texts. */
    private static double[] scores(Run run) throws IOException {
        return logits(run.succeeds());
    }

    /** The numbers in the arrays of a text. */
    private static double[] logits(String json) throws IOException {
        List<Double> logits = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isNumeric() && parser.getParsingContext().inArray()) logits.add(parser.getDoubleValue());
            }
        }
        return logits.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static String script() {
        try {
            return Path.of(TransformersTest.class.getResource("/reference.py").toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
