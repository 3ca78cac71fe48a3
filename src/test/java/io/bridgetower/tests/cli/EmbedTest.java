package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.BridgeTower;
import io.bridgetower.Image;
import io.bridgetower.engine.Tensor;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsFile;
import io.bridgetower.model.checkpoint.safetensors.TensorReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** What {@code forward} of the library gives, at any position among other pairs. */
    @Test
    void jointVectorsAreThoseOfPairs() throws IOException {
        Path out = directory.resolve("out.safetensors");
        Object[] args = {
            "embed",
            "--joint",
            "--json",
            "--image",
            Run.example(1),
            Run.example(2),
            "--text",
            "two stars",
            "a square",
            "a red circle",
            "--output",
            out
        };
        List<Map<String, Object>> vectors = Json.objects(Run.of(args).succeeds());
        assertEquals(6, vectors.size());
        try (SafetensorsFile file = SafetensorsFile.open(out);
                BridgeTower library = BridgeTower.load(Run.DEMO)) {
            Tensor written = new TensorReader(file).readFloats("cross_embeds", Arena.ofAuto());
            assertArrayEquals(new int[] {2, 3, 64}, written.shape());
            float[] values = written.toArray();
            for (int i = 0; i < 6; i++) {
                Path image = Run.example(1 + i / 3);
                String text = List.of("two stars", "a square", "a red circle").get(i % 3);
                assertEquals(image.toString(), vectors.get(i).get("image"));
                assertEquals(text, vectors.get(i).get("text"));
                float[] expected = library.embed(Image.read(image), text);
                assertArrayEquals(expected, Arrays.copyOfRange(values, i * 64, (i + 1) * 64));
                for (int j = 0; j < 64; j++) assertEquals(expected[j], (float) vector(vectors.get(i))[j]);
            }
        }
        Run.of("embed", "--joint", "--image", Run.example(1)).isMisuse("--joint", "--image", "--text");
    }

    /** More than are held at a time, and more texts than pairs are computed at a time. */
    @Test
    void anyNumberIsTheSameAsOne() throws IOException {
        List<Object> args = new ArrayList<>(List.of("embed", "--image"));
        for (int i = 0; i < 40; i++) args.add(Run.example(1 + i % 12));
        List<Map<String, Object>> many = Json.objects(Run.of(args.toArray()).succeeds());
        assertEquals(40, many.size());
        Map<String, Object> one = Json.objects(
                        Run.of("embed", "--image", Run.example(2)).succeeds())
                .getFirst();
        assertEquals(one, many.get(1));
        assertEquals(one, many.get(37));
        args = new ArrayList<>(List.of("embed", "--joint", "--image", Run.example(1), Run.example(2), "--text"));
        for (int i = 0; i < 17; i++) args.add("star " + i);
        List<Map<String, Object>> pairs = Json.objects(Run.of(args.toArray()).succeeds());
        assertEquals(34, pairs.size());
        Object[] last = {"embed", "--joint", "--image", Run.example(2), "--text", "star 16"};
        assertEquals(Json.objects(Run.of(last).succeeds()).getFirst(), pairs.getLast());
    }

    @Test
    void vectorsArePrintedBeforeALaterImageFails() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.png"), "no image");
        List<Object> args = new ArrayList<>(List.of("embed", "--quiet", "--image"));
        for (int i = 0; i < 20; i++) args.add(Run.example(1));
        args.add(broken);
        Run run = Run.of(args.toArray());
        assertEquals(1, run.code());
        assertTrue(run.err().startsWith("bridgetower: " + broken + ": not an image"), run.err());
        assertEquals(16, run.out().split("embedding").length - 1, "those of the first batch");
        assertFalse(run.out().strip().endsWith("]}]"), "looks complete");
        Path out = directory.resolve("out.safetensors");
        args.addAll(List.of("--output", out));
        Run.of(args.toArray()).fails("broken.png");
        assertFalse(Files.exists(out));
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
