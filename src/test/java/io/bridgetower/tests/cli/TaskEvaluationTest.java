package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.config.TaskHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate vqa}, {@code nlvr2} and {@code snli-ve} on small data sets of the images in {@code examples}. */
class TaskEvaluationTest {
    private static final List<String> ANSWERS = List.of("yes", "no", "2", "star", "blue");
    private static final int ITEMS = 20;

    @TempDir
    private Path directory;

    private Path images, dataset, annotations;

    @BeforeEach
    void copyImages() throws IOException {
        images = Files.createDirectory(directory.resolve("images"));
        dataset = directory.resolve("dataset.json");
        annotations = directory.resolve("annotations.json");
    }

    private void copy(int example, String name) throws IOException {
        Path target = images.resolve(name);
        if (!Files.exists(target)) Files.copy(Run.example(example), target);
    }

    private static int example(int item) {
        return 1 + item / 2 % 12;
    }

    private static String question(int item) {
        return List.of("how many stars?", "is it blue?", "what is in the image?")
                .get(item % 3);
    }

    private static Map<String, Object> result(Object... args) throws IOException {
        return Json.object(Run.of(args).succeeds());
    }

    @Test
    void answersAreMeasuredAsTheDataSetDoes() throws IOException {
        Path model = AnswerTest.model(directory, TaskHead.QUESTION_ANSWERING, ANSWERS);
        StringBuilder questions = new StringBuilder(), people = new StringBuilder();
        double sum = 0;
        for (int i = 0; i < ITEMS; i++) {
            copy(example(i), "COCO_val2014_%012d.png".formatted(example(i)));
            questions.append("%s{\"question_id\": %d, \"image_id\": %d, \"question\": \"%s\"}"
                    .formatted(i == 0 ? "" : ",", 100 + i, example(i), question(i)));
            // Two of ten people say what the item's number says, the others something else each.
            String common = ANSWERS.get(i % ANSWERS.size());
            StringBuilder answers = new StringBuilder("{\"answer\": \"%s\"},{\"answer\": \"%<s\"}".formatted(common));
            for (int j = 0; j < 8; j++) answers.append(",{\"answer\": \"other %d\"}".formatted(j));
            people.append("%s{\"question_id\": %d, \"answer_type\": \"%s\", \"answers\": [%s]}"
                    .formatted(i == 0 ? "" : ",", 100 + i, i % 2 == 0 ? "other" : "number", answers));
            String found = (String) result(
                            "ask",
                            "--model",
                            model,
                            "--image",
                            Run.example(example(i)),
                            "--question",
                            question(i),
                            "--json")
                    .get("answer");
            if (found.equals(common)) sum += 0.6;
        }
        Files.writeString(dataset, "{\"data_subtype\": \"val2014\", \"questions\": [%s]}".formatted(questions));
        Files.writeString(annotations, "{\"annotations\": [%s]}".formatted(people));
        Path output = directory.resolve("vqa.json");
        Object[] evaluate = {
            "evaluate",
            "vqa",
            "--dataset",
            dataset,
            "--annotations",
            annotations,
            "--images",
            images,
            "--model",
            model,
            "--output",
            output,
            "--json"
        };
        Map<String, Object> result = result(evaluate);
        assertEquals(sum / ITEMS, ((Number) result.get("accuracy")).doubleValue(), 1e-12);
        assertEquals(ITEMS, ((Number) result.get("questions")).intValue());
        assertEquals(2, ((Map<?, ?>) result.get("accuracy_by_type")).size());
        assertEquals(result, Json.object(Files.readString(output)));
        assertFalse(Files.exists(directory.resolve("vqa.json.part")));
        Files.writeString(annotations, "{\"annotations\": []}");
        Run.of(
                        "evaluate",
                        "vqa",
                        "--dataset",
                        dataset,
                        "--annotations",
                        annotations,
                        "--images",
                        images,
                        "--model",
                        model)
                .fails(annotations + ": annotations: has none for question 100");
    }

    @Test
    void sentencesAreJudged() throws IOException {
        Path model = AnswerTest.model(directory, TaskHead.VISUAL_ENTAILMENT, null);
        StringBuilder lines = new StringBuilder();
        int right = 0;
        List<String> labels = List.of("entailment", "neutral", "contradiction");
        for (int i = 0; i < ITEMS; i++) {
            copy(example(i), example(i) + ".png");
            String label = labels.get(i % 3);
            lines.append("{\"Flickr30K_ID\": \"%d\", \"sentence2\": \"%s\", \"gold_label\": \"%s\"}\n"
                    .formatted(example(i), question(i), label));
            Map<String, Object> found = result(
                    "entail", "--model", model, "--image", Run.example(example(i)), "--text", question(i), "--json");
            if (label.equals(found.get("label"))) right++;
        }
        lines.append("{\"Flickr30K_ID\": \"none\", \"sentence2\": \"nobody agrees\", \"gold_label\": \"-\"}\n");
        Files.writeString(dataset, lines);
        Map<String, Object> result =
                result("evaluate", "snli-ve", "--dataset", dataset, "--images", images, "--model", model, "--json");
        assertEquals((double) right / ITEMS, ((Number) result.get("accuracy")).doubleValue(), 1e-12);
        assertEquals(ITEMS, ((Number) result.get("examples")).intValue());
        Files.writeString(dataset, lines.toString().replace("neutral", "maybe"));
        Run.of("evaluate", "snli-ve", "--dataset", dataset, "--images", images, "--model", model)
                .fails(dataset + ": label: found \"maybe\", expected one of contradiction, neutral, entailment");
    }

    @Test
    void pairsOfImagesAreCompared() throws IOException {
        Path model = AnswerTest.model(directory, TaskHead.VISUAL_REASONING, null);
        StringBuilder lines = new StringBuilder();
        int right = 0;
        for (int i = 0; i < ITEMS; i++) {
            int left = example(i), second = 1 + (left + 4) % 12;
            copy(left, "dev-%d-0-img0.png".formatted(left));
            copy(second, "dev-%d-0-img1.png".formatted(left));
            String label = i % 2 == 0 ? "True" : "False";
            lines.append("{\"identifier\": \"dev-%d-0-%d\", \"sentence\": \"%s\", \"label\": \"%s\"}\n"
                    .formatted(left, i, question(i), label));
            Map<String, Object> found = result(
                    "compare",
                    "--model",
                    model,
                    "--image",
                    Run.example(left),
                    Run.example(second),
                    "--text",
                    question(i),
                    "--json");
            if (label.equals(found.get("label"))) right++;
        }
        Files.writeString(dataset, lines);
        Path output = directory.resolve("nlvr2.json");
        Object[] evaluate = {
            "evaluate",
            "nlvr2",
            "--dataset",
            dataset,
            "--images",
            images,
            "--model",
            model,
            "--output",
            output,
            "--json"
        };
        Map<String, Object> result = result(evaluate);
        assertEquals((double) right / ITEMS, ((Number) result.get("accuracy")).doubleValue(), 1e-12);
        String table = Run.of("evaluate", "nlvr2", "--dataset", dataset, "--images", images, "--model", model)
                .succeeds();
        assertTrue(table.startsWith("label") && table.contains("True"), table);
        Files.writeString(dataset, "{\"identifier\": \"dev\", \"sentence\": \"a\", \"label\": \"True\"}\n");
        Run.of("evaluate", "nlvr2", "--dataset", dataset, "--images", images, "--model", model)
                .fails(dataset + ": line 1.identifier: expected the number of a sentence after a last hyphen");
        Files.writeString(dataset, "\n{\"identifier\"\n");
        Run.of("evaluate", "nlvr2", "--dataset", dataset, "--images", images, "--model", model)
                .fails(dataset + ": line 2");
    }

    @Test
    void aModelWithoutTheHeadIsNotMeasured() throws IOException {
        copy(1, "1.png");
        Files.writeString(dataset, "{\"Flickr30K_ID\": 1, \"sentence2\": \"a star\", \"gold_label\": \"neutral\"}\n");
        Run.of("evaluate", "snli-ve", "--dataset", dataset, "--images", images)
                .fails("no ve head (snli_classifier.*), only itm, mlm, itc");
    }
}
