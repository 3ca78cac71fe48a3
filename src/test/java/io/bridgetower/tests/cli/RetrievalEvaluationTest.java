package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.BridgeTower;
import io.bridgetower.Image;
import io.bridgetower.Score;
import io.bridgetower.model.config.TaskHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code evaluate retrieval}, held against a plain computation with the library. */
class RetrievalEvaluationTest {
    private static final Path DATASET = Run.ROOT.resolve("examples/captions.json");

    @TempDir
    private Path directory;

    private final List<Path> images = new ArrayList<>();
    private final List<String> captions = new ArrayList<>();
    private final List<Integer> owners = new ArrayList<>();

    private void readDataset() throws IOException {
        for (Object image : (List<?>) Json.object(Files.readString(DATASET)).get("images")) {
            Map<?, ?> fields = (Map<?, ?>) image;
            for (Object sentence : (List<?>) fields.get("sentences")) {
                captions.add((String) ((Map<?, ?>) sentence).get("raw"));
                owners.add(images.size());
            }
            images.add(Run.ROOT.resolve("examples").resolve((String) fields.get("filename")));
        }
    }

    /** The demo model makes no mistake here; one of random weights makes nearly all of them. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void recallEqualsThatOfAPlainComputation(boolean trained) throws IOException {
        readDataset();
        Path path = trained ? Run.DEMO : AnswerTest.model(directory, TaskHead.VISUAL_ENTAILMENT, null);
        double[][] similar = new double[images.size()][captions.size()], logits = new double[images.size()][];
        try (BridgeTower model = BridgeTower.load(path)) {
            List<float[]> texts = model.embedTexts(captions);
            for (int i = 0; i < images.size(); i++) {
                Image image = Image.read(images.get(i));
                float[] vector = model.embed(image);
                for (int j = 0; j < captions.size(); j++) {
                    for (int k = 0; k < vector.length; k++) similar[i][j] += (double) vector[k] * texts.get(j)[k];
                }
                logits[i] = model.score(image, captions).stream()
                        .map(Score::logits)
                        .mapToDouble(Score.Logits::match)
                        .toArray();
            }
        }
        Map<String, Object> found =
                Json.object(evaluate("--model", path, "--json", "--top-k", "3").succeeds());
        if (!trained) assertTrue(share((Map<?, ?>) found.get("matching"), "image_by_caption", 1) < 0.5);
        assertRecall(similar, found.get("contrastive"));
        assertRecall(logits, found.get("matching"));
        double[][] proposed = new double[images.size()][captions.size()];
        for (int i = 0; i < images.size(); i++) {
            for (int j = 0; j < captions.size(); j++) {
                boolean near = isAmong(similar, i, j, 3);
                proposed[i][j] = near ? logits[i][j] : -100;
            }
        }
        assertRecall(proposed, found.get("two_stage"));
        assertEquals(3, ((Number) ((Map<?, ?>) found.get("two_stage")).get("top_k")).intValue());
        // The same figures where only the proposed pairs are computed.
        Map<String, Object> fewer =
                Json.object(evaluate("--model", path, "--json", "--top-k", "3", "--measures", "two-stage")
                        .succeeds());
        assertEquals(found.get("two_stage"), fewer.get("two_stage"));
        assertFalse(fewer.containsKey("matching"));
    }

    private boolean isAmong(double[][] scores, int image, int caption, int top) {
        long captionsBefore = IntStream.range(0, captions.size())
                .filter(j -> scores[image][j] > scores[image][caption])
                .count();
        long imagesBefore = IntStream.range(0, images.size())
                .filter(i -> scores[i][caption] > scores[image][caption])
                .count();
        return captionsBefore < top || imagesBefore < top;
    }

    private void assertRecall(double[][] scores, Object found) {
        Map<?, ?> fields = (Map<?, ?>) found;
        for (int k : new int[] {1, 5, 10}) {
            double byCaption = 0, byImage = 0;
            for (int j = 0; j < captions.size(); j++) {
                int caption = j;
                List<Integer> ranking = IntStream.range(0, images.size())
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> -scores[i][caption]))
                        .toList();
                if (ranking.subList(0, k).contains(owners.get(j))) byCaption++;
            }
            for (int i = 0; i < images.size(); i++) {
                int image = i;
                boolean hit = IntStream.range(0, captions.size())
                        .boxed()
                        .sorted(Comparator.comparingDouble(j -> -scores[image][j]))
                        .limit(k)
                        .anyMatch(j -> owners.get(j) == image);
                if (hit) byImage++;
            }
            assertEquals(byCaption / captions.size(), share(fields, "image_by_caption", k), 1e-12, "images at " + k);
            assertEquals(byImage / images.size(), share(fields, "caption_by_image", k), 1e-12, "captions at " + k);
        }
    }

    private static double share(Map<?, ?> measure, String what, int k) {
        return ((Number) ((Map<?, ?>) measure.get(what)).get("recall@" + k)).doubleValue();
    }

    @Test
    void anInterruptedEvaluationGoesOn() throws IOException {
        Path output = directory.resolve("recall.json"), part = directory.resolve("recall.json.part");
        evaluate("--output", output, "--measures", "matching").succeeds();
        String whole = Files.readString(output);
        assertFalse(Files.exists(part));
        evaluate("--output", output).fails(output + ": exists already; --force");
        Files.delete(output);
        evaluate("--output", output, "--resume").fails(part + ": there is nothing to resume");
        // What a process leaves that was killed: some rows, the last one torn. One is changed, to show that it is used.
        String manifest = log(output, part);
        Files.writeString(part, manifest + "0" + " 9.0".repeat(captions()) + "\n1 0.5 0.");
        evaluate("--output", output, "--measures", "matching").fails(part + ": exists already; --resume goes on");
        evaluate("--output", output, "--measures", "matching", "--resume").succeeds();
        assertFalse(Files.readString(output).equals(whole), "the first image's row says 9 for all captions");
        Files.delete(output);
        Files.writeString(part, manifest + "0 9.0\n");
        evaluate("--output", output, "--measures", "contrastive,two-stage", "--resume")
                .fails(part + ": is of another evaluation");
        evaluate("--output", output, "--measures", "matching", "--force").succeeds();
        assertEquals(whole, Files.readString(output));
    }

    /** The first line that an evaluation of all pairs writes. */
    private String log(Path output, Path part) throws IOException {
        Files.writeString(part, "x\n");
        String complaint = evaluate("--output", output, "--measures", "matching", "--resume")
                .err();
        int begin = complaint.indexOf("expected {"), end = complaint.indexOf(", found x");
        assertTrue(begin > 0 && end > begin, complaint);
        Files.delete(part);
        return complaint.substring(begin + "expected ".length(), end) + "\n";
    }

    private int captions() throws IOException {
        if (captions.isEmpty()) readDataset();
        return captions.size();
    }

    @Test
    void wrongDataSetsAreRefused() throws IOException {
        Path file = directory.resolve("data.json");
        String image = "{\"images\": [{\"filename\": \"%s\", \"split\": \"test\", \"sentences\": %s}]}";
        Files.writeString(file, image.formatted("99.png", "[{\"raw\": \"a\"}]"));
        evaluateFile(file).fails("there is no image 99.png in this directory");
        Files.writeString(file, image.formatted("../README.md", "[{\"raw\": \"a\"}]"));
        evaluateFile(file).fails("there is no image ../README.md");
        Files.writeString(file, image.formatted("01.png", "[{\"raw\": 3}]"));
        evaluateFile(file).fails(file + ": images[0].sentences[0].raw: expected a text, found \"3\"");
        Files.writeString(file, image.formatted("01.png", "[]"));
        evaluateFile(file).fails("images[0].sentences: expected one or more sentences, found a list");
        Files.writeString(file, "{}");
        evaluateFile(file).fails(file + ": images: missing");
        Files.writeString(file, image.formatted("01.png", "[{\"raw\": \"a\"}]"));
        Run.of("evaluate", "retrieval", "--dataset", file, "--images", Run.ROOT.resolve("examples"), "--split", "val")
                .fails(file + ": images: none of split val");
        Run.of("evaluate").isMisuse("expected a task");
        evaluate("--resume").isMisuse("--resume: expected --output");
        evaluate("--top-k", "0").isMisuse("--top-k: expected 1 or more");
    }

    @Test
    void theResultIsATableForPeople() {
        String table = evaluate("--measures", "contrastive").succeeds();
        assertEquals(3, table.lines().count(), table);
        assertTrue(table.contains("images by caption"), table);
        String help = Run.of("evaluate", "retrieval", "--help").succeeds();
        assertTrue(help.contains("Exit codes:") && help.contains("contrastive"), help);
    }

    private static Run evaluate(Object... options) {
        List<Object> args = new ArrayList<>(
                List.of("evaluate", "retrieval", "--dataset", DATASET, "--images", Run.ROOT.resolve("examples")));
        args.addAll(List.of(options));
        return Run.of(args.toArray());
    }

    private static Run evaluateFile(Path file) {
        return Run.of("evaluate", "retrieval", "--dataset", file, "--images", Run.ROOT.resolve("examples"));
    }
}
