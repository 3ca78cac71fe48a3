package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.BridgeTowerForQuestionAnswering;
import io.bridgetower.model.BridgeTowerForVisualReasoning;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.model.init.RandomWeights;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ask}, {@code entail} and {@code compare}, on the demo model's shape with random weights. */
class AnswerTest {
    private static final List<String> ANSWERS = List.of("yes", "no", "two", "a star", "blue");

    @TempDir
    private Path directory;

    private final Arena arena = Arena.ofAuto();

    /** A model like the demo model with the head of a task, all of random weights. */
    static Path model(Path directory, TaskHead head, List<String> answers) throws IOException {
        BridgeTowerConfig.Builder config = BridgeTowerConfig.load(Run.DEMO).toBuilder()
                .architecture(head.architecture())
                .modalityTypeVocabSize(head.images() + 1)
                .numLabels(ANSWERS.size());
        if (answers != null) config.labels(answers);
        Path model = Files.createTempDirectory(directory, "model");
        BridgeTowerProcessor.load(Run.DEMO).save(model);
        RandomWeights.write(config.build(), 7, model);
        return model;
    }

    @Test
    @SuppressWarnings("unchecked") // what JSON holds is what the assertions are about
    void aQuestionIsAnsweredFromTheListOfTheModel() throws IOException {
        Path model = model(directory, TaskHead.QUESTION_ANSWERING, ANSWERS);
        Object[] ask = {"ask", "--model", model, "--image", Run.example(1), "--question", "how many stars?", "--json"};
        Map<String, Object> found = Json.object(Run.of(ask).succeeds());
        List<Map<String, Object>> answers = (List<Map<String, Object>>) found.get("answers");
        float[] logits = logits(model);
        assertEquals(ANSWERS.size(), answers.size());
        double last = Double.POSITIVE_INFINITY;
        for (Map<String, Object> answer : answers) {
            float logit = logits[ANSWERS.indexOf(answer.get("answer"))];
            assertEquals(logit, ((Number) answer.get("logit")).floatValue());
            assertEquals(1 / (1 + Math.exp(-logit)), ((Number) answer.get("probability")).doubleValue(), 1e-9);
            assertTrue(logit <= last);
            last = logit;
        }
        assertEquals(answers.getFirst().get("answer"), found.get("answer"));
        assertEquals("how many stars?", found.get("question"));
        String table = Run.of("ask", "--model", model, "--image", Run.example(1), "--question", "a?", "--top", "2")
                .succeeds();
        assertEquals(3, table.lines().count(), table);
    }

    private float[] logits(Path model) throws IOException {
        BridgeTowerProcessor processor = BridgeTowerProcessor.load(model);
        try (var loaded = BridgeTowerForQuestionAnswering.load(model)) {
            int[] ids = processor.tokenizer().encode("how many stars?").ids();
            return loaded.logits(TextInputs.of(new int[][] {ids}), Pixels.inputs(pixels(processor, model, 1)))[0];
        }
    }

    private Tensor pixels(BridgeTowerProcessor processor, Path model, int example) throws IOException {
        PixelReader reader = Pixels.reader(
                BridgeTowerConfig.load(model).visionConfig(), processor.imageProcessor(), ImageOptions.DEFAULT);
        return reader.readAll(arena, List.of(Run.example(example)));
    }

    @Test
    void answersMayComeFromAFile() throws IOException {
        Path model = model(directory, TaskHead.QUESTION_ANSWERING, null), file = directory.resolve("answers.json");
        Object[] ask = {"ask", "--model", model, "--image", Run.example(1), "--question", "a?"};
        assertTrue(Run.of(ask).succeeds().contains("LABEL_4"));
        Files.writeString(file, "[\"1\", \"2\", \"3\", \"4\", \"5\"]");
        Object[] named = {"ask", "--model", model, "--image", Run.example(1), "--question", "a?", "--answers", file};
        String table = Run.of(named).succeeds();
        assertEquals(
                new TreeSet<>(List.of("1", "2", "3", "4", "5", "answer")),
                new TreeSet<>(table.lines()
                        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                        .toList()));
        Files.writeString(file, "[\"1\"]");
        Run.of(named).fails(file + ": holds 1 answers, expected 5");
        Files.writeString(file, "{\"0\": \"1\"}");
        Run.of(named).fails(file + ": expected a list of texts");
        Files.writeString(file, "[\"1\", 2]");
        Run.of(named).fails(file + ": [1]: expected a text");
        Files.delete(file);
        Run.of(named).fails(file + ": no such file");
    }

    @Test
    void aSentenceIsJudged() throws IOException {
        Path model = model(directory, TaskHead.VISUAL_ENTAILMENT, null);
        Map<String, Object> found =
                Json.object(Run.of("entail", "--model", model, "--image", Run.example(1), "--text", "a star", "--json")
                        .succeeds());
        double sum = 0;
        for (Object label : (List<?>) found.get("labels")) {
            sum += ((Number) ((Map<?, ?>) label).get("probability")).doubleValue();
        }
        assertEquals(1, sum, 1e-9);
        assertTrue(List.of("contradiction", "neutral", "entailment").contains(found.get("label")));
        assertTrue(Run.of("entail", "--model", model, "--image", Run.example(1), "--text", "a star")
                .succeeds()
                .contains("entailment"));
    }

    @Test
    void twoImagesAreCompared() throws IOException {
        Path model = model(directory, TaskHead.VISUAL_REASONING, null);
        Object[] compare = {
            "compare",
            "--model",
            model,
            "--image",
            Run.example(1),
            "--image",
            Run.example(2),
            "--text",
            "a star",
            "--json"
        };
        Map<String, Object> found = Json.object(Run.of(compare).succeeds());
        BridgeTowerProcessor processor = BridgeTowerProcessor.load(model);
        float[] logits;
        try (var loaded = BridgeTowerForVisualReasoning.load(model)) {
            int[] ids = processor.tokenizer().encode("a star").ids();
            logits = loaded.logits(
                            TextInputs.of(new int[][] {ids}),
                            Pixels.inputs(pixels(processor, model, 1)),
                            Pixels.inputs(pixels(processor, model, 2)))[0];
        }
        assertEquals(logits[1] > logits[0] ? "True" : "False", found.get("label"));
        assertEquals(2, ((List<?>) found.get("images")).size());
        Run.of("compare", "--model", model, "--image", Run.example(1), "--text", "a")
                .fails("--image: expected 2, found 1");
    }

    @Test
    void aModelWithoutTheHeadSaysWhichItHas() throws IOException {
        Run.of("ask", "--image", Run.example(1), "--question", "what?")
                .fails(
                        Run.DEMO + ": the checkpoint has no vqa head (vqa_classifier.*), only itm, mlm, itc",
                        "fill finds the word");
        Run.of("entail", "--image", Run.example(1), "--text", "a")
                .fails("no ve head (snli_classifier.*), only itm, mlm");
        Run.of("compare", "--image", Run.example(1), Run.example(2), "--text", "a")
                .fails("no nlvr2 head (nlvr2_classifier.*), only itm, mlm, itc");
        Path model = model(directory, TaskHead.VISUAL_ENTAILMENT, null);
        Run.of("ask", "--model", model, "--image", Run.example(1), "--question", "what?")
                .fails("only itm, mlm, itc, ve");
    }
}
