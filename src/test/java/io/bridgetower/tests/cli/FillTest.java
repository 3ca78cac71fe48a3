package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code bridgetower fill} on the demo model. */
class FillTest {
    /** Of the probabilities, which have been recorded with six decimals from weights and sums of other precision. */
    private static final double TOLERANCE = 1e-4;

    @Test
    @Tag("parity")
    void findsTheWordsThatTheReferenceFinds() throws IOException {
        for (Map<String, Object> fill : DemoCases.of("fill")) {
            String text = (String) fill.get("text");
            List<?> top = (List<?>) fill.get("top");
            String best = ((String) ((List<?>) top.getFirst()).getFirst()).strip();
            Map<String, Object> found = Json.object(
                    Run.of("fill", "--json", "--image", DemoCases.image(fill), "--text", text, "--top", top.size())
                            .succeeds());
            assertEquals(text.replace("<mask>", best), found.get("completed"));
            List<Map<String, Object>> masks = list(found.get("masks"));
            List<Map<String, Object>> words = list(masks.getFirst().get("words"));
            assertEquals(1, masks.size());
            // The reference is wrong about two of them, but not by far.
            assertTrue(words.subList(0, 2).stream()
                    .anyMatch(word -> ((String) word.get("word")).strip().equals(fill.get("expected"))));
            assertEquals(top.size(), words.size());
            for (int i = 0; i < top.size(); i++) {
                List<?> word = (List<?>) top.get(i);
                assertEquals(word.get(0), words.get(i).get("word"), text);
                assertEquals((double) word.get(1), (double) words.get(i).get("probability"), TOLERANCE, text);
            }
        }
    }

    @Test
    void printsTheSentenceAndTheWordsOfEveryGap() {
        Run run = Run.of("fill", "--image", Run.example(2), "--text", "a large <mask> <mask>", "--top", 2);
        List<String> lines = run.succeeds().lines().toList();
        assertEquals("a large blue square", lines.get(0));
        assertEquals("", lines.get(1));
        assertTrue(lines.get(2).matches("gap +probability +word"), lines.get(2));
        assertTrue(lines.get(3).matches("1 +0\\.\\d{4} +blue"), lines.get(3));
        assertTrue(lines.get(5).matches("2 +0\\.\\d{4} +square"), lines.get(5));
        assertEquals(7, lines.size());
        assertTrue(run.err().contains("demo model"), run.err());
    }

    @Test
    void showsTheWholeVocabularyIfItIsAskedTo() throws IOException {
        Map<String, Object> found = Json.object(
                Run.of("fill", "--json", "--image", Run.example(2), "--text", "a <mask>", "--top", 1_000_000)
                        .succeeds());
        List<Map<String, Object>> words =
                list(list(found.get("masks")).getFirst().get("words"));
        double sum = 0, last = 1;
        for (Map<String, Object> word : words) {
            double probability = (double) word.get("probability");
            assertTrue(probability <= last);
            last = probability;
            sum += probability;
        }
        assertEquals(420, words.size());
        assertEquals(1, sum, 1e-9);
    }

    @Test
    void refusesWhatItCannotFill() {
        Run.of("fill", "--image", Run.example(1), "--text", "a black square").fails("no masked token", "<mask>");
        Run.of("fill", "--image", Run.example(1), "--text", "<mask>", "--top", 0)
                .isMisuse("--top");
        Run.of("fill", "--image", Run.ROOT, "--text", "<mask>").fails("directory");
        Run.of("fill", "--text", "<mask>").isMisuse("--image");
        Run.of("fill", "--image", Run.example(1), "--text", "<mask>".repeat(100))
                .fails("64 at most");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Object value) {
        return (List<Map<String, Object>>) value;
    }
}
