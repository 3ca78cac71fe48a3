package io.bridgetower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.BridgeTowerForQuestionAnswering;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.model.init.RandomWeights;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers and judgements, by models of the demo model's shape with random weights. */
class TasksTest {
    private static final List<String> ANSWERS = List.of("yes", "no", "two", "a star", "blue");
    private static final String TEXT = "two blue squares";

    @TempDir
    private Path directory;

    private final Arena arena = Arena.ofAuto();

    @Test
    void aQuestionIsAnswered() throws IOException {
        try (BridgeTower bridgeTower = load(TaskHead.QUESTION_ANSWERING)) {
            assertTrue(bridgeTower.heads().contains(Head.QUESTION_ANSWERING));
            List<Choice> answers = bridgeTower.answer(Demo.image(1), TEXT);
            float[] logits = bridgeTower.questionAnswering().logits(text(bridgeTower), pixels(bridgeTower, 1))[0];
            check(answers, ANSWERS, logits);
            for (Choice answer : answers) {
                assertEquals(BridgeTowerForQuestionAnswering.probability(answer.logit()), answer.probability());
            }
            assertThrows(UnsupportedOperationException.class, () -> bridgeTower.entail(Demo.image(1), TEXT));
        }
    }

    @Test
    void aSentenceIsJudged() throws IOException {
        try (BridgeTower bridgeTower = load(TaskHead.VISUAL_ENTAILMENT)) {
            List<Choice> labels = bridgeTower.entail(Demo.image(1), TEXT);
            float[] logits = bridgeTower.visualEntailment().logits(text(bridgeTower), pixels(bridgeTower, 1))[0];
            check(labels, List.of("contradiction", "neutral", "entailment"), logits);
            assertEquals(1, labels.stream().mapToDouble(Choice::probability).sum(), 1e-9);
        }
    }

    /** An image that was scored before as the first one is encoded anew as the second one. */
    @Test
    void imagesAreComparedInBothOrders() throws IOException {
        try (BridgeTower bridgeTower = load(TaskHead.VISUAL_REASONING)) {
            Image one = Demo.image(1), two = Demo.image(2);
            for (boolean swap : new boolean[] {false, true, false}) {
                List<Choice> labels = bridgeTower.compare(swap ? two : one, swap ? one : two, TEXT);
                float[] logits = bridgeTower.visualReasoning()
                        .logits(
                                text(bridgeTower),
                                pixels(bridgeTower, swap ? 2 : 1),
                                pixels(bridgeTower, swap ? 1 : 2))[0];
                check(labels, List.of("False", "True"), logits);
            }
            check(
                    bridgeTower.compare(one, one, TEXT),
                    List.of("False", "True"),
                    bridgeTower.visualReasoning()
                            .logits(text(bridgeTower), pixels(bridgeTower, 1), pixels(bridgeTower, 1))[0]);
        }
    }

    private static void check(List<Choice> choices, List<String> labels, float[] logits) {
        assertEquals(labels.size(), choices.size());
        for (Choice choice : choices) assertEquals(logits[labels.indexOf(choice.label())], choice.logit());
        assertEquals(
                choices.stream()
                        .sorted(Comparator.comparingDouble(Choice::logit).reversed())
                        .toList(),
                choices);
    }

    private BridgeTower load(TaskHead head) throws IOException {
        BridgeTowerConfig.Builder config = BridgeTowerConfig.load(Demo.MODEL).toBuilder()
                .architecture(head.architecture())
                .modalityTypeVocabSize(head.images() + 1);
        if (head == TaskHead.QUESTION_ANSWERING)
            config.numLabels(ANSWERS.size()).labels(ANSWERS);
        BridgeTowerProcessor.load(Demo.MODEL).save(directory);
        RandomWeights.write(config.build(), 7, directory);
        return BridgeTower.load(directory);
    }

    private static TextInputs text(BridgeTower bridgeTower) {
        return TextInputs.of(new int[][] {bridgeTower.textPreparation().ids(TEXT)});
    }

    private ImageInputs pixels(BridgeTower bridgeTower, int example) throws IOException {
        return Encodings.inputs(bridgeTower.pixelReader(), arena, List.of(Demo.image(example)));
    }
}
