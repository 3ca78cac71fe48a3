package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsFile;
import io.bridgetower.model.checkpoint.safetensors.TensorReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bridgetower embed} on the demo model. */
class EmbedTest {
    /** Of the cosines, which have been recorded with six decimals from weights and sums of other precision. */
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path directory;

    @Test
    @Tag("parity")
    void cosinesEqualTheReferencesAndTheBestImageIsTheSame() throws IOException {
        List<Map<String, Object>> cases = DemoCases.of("search");
        List<Path> images = cases.stream().map(DemoCases::image).distinct().toList();
        List<Object> args = new ArrayList<>(List.of("embed", "--json", "--image"));
        args.addAll(images);
        args.add("--text");
        cases.forEach(search -> args.add(search.get("text")));
        List<Map<String, Object>> vectors = Json.objects(Run.of(args.toArray()).succeeds());
        assertEquals(images.size() + cases.size(), vectors.size());
        for (int i = 0; i < cases.size(); i++) {
            Map<String, Object> search = cases.get(i);
            Map<String, Object> text = vectors.get(images.size() + i);
            assertEquals(search.get("text"), text.get("text"));
            Path image = DemoCases.image(search);
            Map<String, Object> embedded = vectors.get(images.indexOf(image));
            assertEquals(image.toString(), embedded.get("image"));
            assertEquals((double) search.get("cosine"), dot(vector(text), vector(embedded)), TOLERANCE);
        }
        for (Map<String, Object> each : vectors) assertEquals(1, dot(vector(each), vector(each)), 1e-6);
    }

    @Test
    void writesTheSameVectorsToAFile() throws IOException {
        Path out = directory.resolve("out.safetensors");
        Object[] args = {"embed", "--image", Run.example(1), Run.example(2), "--text", "two stars", "--output", out};
        Run run = Run.of(args);
        assertEquals("", run.succeeds());
        assertTrue(run.err().contains("demo model"), run.err());
        args[args.length - 2] = "--text";
        args[args.length - 1] = "a square";
        List<Map<String, Object>> vectors = Json.objects(Run.of(args).succeeds());
        try (SafetensorsFile file = SafetensorsFile.open(out)) {
            Tensor images = new TensorReader(file).readFloats("image_embeds", Arena.ofAuto());
            Tensor texts = new TensorReader(file).readFloats("text_embeds", Arena.ofAuto());
            assertArrayEquals(new int[] {2, 64}, images.shape());
            assertArrayEquals(new int[] {1, 64}, texts.shape());
            assertSame(vector(vectors.get(0)), images.slice(0, 1));
            assertSame(vector(vectors.get(1)), images.slice(1, 1));
            assertSame(vector(vectors.get(2)), texts);
        }
    }

    @Test
    void needsOnlyTheFilesOfWhatItEmbeds() throws IOException {
        ModelCopy texts = ModelCopy.in(directory).without("preprocessor_config.json");
        Run.of("embed", "--model", texts.directory(), "--text", "a").succeeds();
        ModelCopy images = ModelCopy.in(directory)
                .without("tokenizer.json")
                .without("vocab.json")
                .without("merges.txt");
        Run.of("embed", "--model", images.directory(), "--image", Run.example(1))
                .succeeds();
    }

    @Test
    void refusesWhatItCannotEmbed() throws IOException {
        Run.of("embed").isMisuse("--image", "--text");
        Run.of("embed", "--text", "a", "--output", directory).fails("directory");
        ModelCopy headless = ModelCopy.in(directory).replacingInHeader("\"itc_text_head", "\"other_head");
        Run.of("embed", "--model", headless.directory(), "--text", "a").fails("itc_text_head.fc.weight");
    }

    private static void assertSame(double[] expected, Tensor actual) {
        float[] values = actual.toArray();
        assertEquals(expected.length, values.length);
        for (int i = 0; i < values.length; i++) assertEquals((float) expected[i], values[i]);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double[] vector(Map<String, Object> each) {
        return ((List<?>) each.get("embedding"))
                .stream().mapToDouble(value -> ((Number) value).doubleValue()).toArray();
    }
}
