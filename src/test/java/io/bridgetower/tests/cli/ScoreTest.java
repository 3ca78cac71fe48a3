package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code bridgetower score} on the demo model. */
class ScoreTest {
    private static final String TRUE_TEXT = "a black square and a yellow cross";
    private static final String FALSE_TEXT = "a large blue triangle";

    /** Of the logits, which have been recorded with six decimals from weights and sums of other precision. */
    private static final double TOLERANCE = 1e-4;

    @Test
    @Tag("parity")
    void agreesWithTheReferenceOnTheDemoImages() throws IOException {
        List<Map<String, Object>> cases = DemoCases.of("match");
        SequencedSet<String> texts = new LinkedHashSet<>();
        SequencedSet<String> images = new LinkedHashSet<>();
        for (Map<String, Object> match : cases) {
            texts.add((String) match.get("text"));
            images.add(DemoCases.image(match).toString());
        }
        List<Object> args = new ArrayList<>(List.of("score", "--json", "--image"));
        args.addAll(images);
        args.add("--text");
        args.addAll(texts);
        SequencedMap<List<String>, double[]> logits = new LinkedHashMap<>();
        for (Map<String, Object> score : Json.objects(Run.of(args.toArray()).succeeds())) {
            logits.put(List.of((String) score.get("image"), (String) score.get("text")), logits(score));
        }
        assertEquals(images.size() * texts.size(), logits.size());
        for (Map<String, Object> match : cases) {
            String text = (String) match.get("text");
            double[] found = logits.get(List.of(DemoCases.image(match).toString(), text));
            assertArrayEquals(logits(match), found, TOLERANCE, () -> DemoCases.image(match) + ", " + text);
        }
    }

    /** The demo model is stored in F16, which has three bits more than BF16. */
    @Test
    void weightsMayBeHeldInSixteenBits() throws IOException {
        Object[] score = {"score", "--json", "--image", Run.example(1), "--text", TRUE_TEXT, FALSE_TEXT};
        Object[] half = Arrays.copyOf(score, score.length + 1);
        half[score.length] = "--weights=bf16";
        List<Map<String, Object>> expected = Json.objects(Run.of(score).succeeds());
        List<Map<String, Object>> found = Json.objects(Run.of(half).succeeds());
        for (int i = 0; i < 2; i++) assertArrayEquals(logits(expected.get(i)), logits(found.get(i)), 0.1);
    }

    @Test
    void jsonHasEveryPairInTheOrderGivenImageByImage() throws IOException {
        Run run = Run.of(
                "score",
                "--json",
                "--threads",
                1,
                "--model",
                Run.DEMO,
                "--image",
                Run.example(2),
                "--text",
                FALSE_TEXT,
                "--image",
                Run.example(1),
                "--text",
                TRUE_TEXT,
                FALSE_TEXT);
        List<Map<String, Object>> scores = Json.objects(run.succeeds());
        assertEquals(
                List.of(2, 2, 2, 1, 1, 1).stream()
                        .map(i -> Run.example(i).toString())
                        .toList(),
                scores.stream().map(score -> score.get("image")).toList());
        assertEquals(
                List.of(FALSE_TEXT, TRUE_TEXT, FALSE_TEXT, FALSE_TEXT, TRUE_TEXT, FALSE_TEXT),
                scores.stream().map(score -> score.get("text")).toList());
        for (Map<String, Object> score : scores) {
            double[] logits = logits(score);
            assertEquals(1 / (1 + Math.exp(logits[0] - logits[1])), (double) score.get("probability"), 1e-15);
        }
        assertEquals("", run.err());
    }

    @Test
    void threadsDoNotChangeABit() {
        Object[] args = {
            "score", "--json", "--image", Run.example(1), Run.example(2), "--text", TRUE_TEXT, "", "--threads", 1
        };
        String one = Run.of(args).succeeds();
        args[args.length - 1] = 3;
        assertEquals(one, Run.of(args).succeeds());
    }

    @Test
    void tableHasTheBestImageAndItsBestTextFirst() {
        Run run = Run.of("score", "--image", Run.example(3), Run.example(1), "--text", FALSE_TEXT, TRUE_TEXT);
        List<String> lines = run.succeeds().lines().toList();
        assertEquals(5, lines.size());
        assertTrue(lines.get(0).matches("probability +image +text"), lines.get(0));
        assertTrue(lines.get(1).matches("0\\.9876 +.*01\\.png  " + TRUE_TEXT), lines.get(1));
        assertTrue(lines.get(2).matches("0\\.0000 +.*01\\.png  " + FALSE_TEXT), lines.get(2));
        assertTrue(lines.get(3).contains("03.png") && lines.get(4).contains("03.png"), run.out());
        assertTrue(run.err().contains("demo model"), run.err());
    }

    @Test
    void textsMayBeEmptyHoldAnyLetterOrBeginWithADash() throws IOException {
        List<String> texts =
                List.of("", "-5 degrees", "-5", "日本 ❤️ ñ", "line\nbreak\u001b[31m", "@file", "\"quoted\"", "${x} %n");
        List<Object> args = new ArrayList<>(List.of("score", "--image", Run.example(1), "--text"));
        args.addAll(texts);
        List<String> lines = Run.of(args.toArray()).succeeds().lines().toList();
        assertEquals(1 + texts.size(), lines.size());
        assertTrue(lines.stream().anyMatch(line -> line.endsWith("line\\nbreak\\u001b[31m")), () -> "" + lines);
        args.add("--json");
        List<Map<String, Object>> scores = Json.objects(Run.of(args.toArray()).succeeds());
        assertEquals(texts, scores.stream().map(score -> score.get("text")).toList());
    }

    @Test
    void tooLongATextIsRefusedOrCutOff() throws IOException {
        String text = "a black square ".repeat(40);
        Object[] args = {"score", "--json", "--image", Run.example(1), "--text", text};
        Run.of(args).fails("has 123 tokens", "64 at most", "--truncate");
        Object[] truncating = {"score", "--json", "--truncate", "--image", Run.example(1), "--text", text};
        assertEquals(1, Json.objects(Run.of(truncating).succeeds()).size());
    }

    @Test
    void manyImagesScoreAsEachAlone() throws IOException {
        List<Object> args = new ArrayList<>(List.of("score", "--json", "--text", TRUE_TEXT, "--image"));
        for (int i = 0; i < 36; i++) args.add(Run.example(1 + i % 12));
        List<Map<String, Object>> scores = Json.objects(Run.of(args.toArray()).succeeds());
        for (int i = 0; i < 36; i++) assertEquals(scores.get(i % 12), scores.get(i));
        for (int i = 0; i < 12; i += 5) {
            Run alone = Run.of("score", "--json", "--text", TRUE_TEXT, "--image", Run.example(1 + i));
            assertEquals(List.of(scores.get(i)), Json.objects(alone.succeeds()));
        }
    }

    /** The floats that were printed, each by its shortest decimal: the double nearest to that is another number. */
    private static double[] logits(Map<String, Object> score) {
        List<?> logits = (List<?>) score.get("logits");
        return logits.stream()
                .mapToDouble(logit -> ((Number) logit).floatValue())
                .toArray();
    }
}
