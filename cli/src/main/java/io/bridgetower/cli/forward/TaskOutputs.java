package io.bridgetower.cli.forward;

import io.bridgetower.model.BridgeTowerForQuestionAnswering;
import io.bridgetower.model.BridgeTowerForVisualEntailment;
import io.bridgetower.model.BridgeTowerForVisualReasoning;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.util.stream.Stream;

/** The outputs of the heads of VQAv2, SNLI-VE and NLVR2: logits and losses. */
final class TaskOutputs {
    private final Checkpoint checkpoint;
    private final BridgeTowerModel trunk;
    private final ForwardInputs inputs;
    private float[][] answers;
    private float[][] entailment;
    private float[][] reasoning;

    TaskOutputs(Checkpoint checkpoint, BridgeTowerModel trunk, ForwardInputs inputs) {
        this.checkpoint = checkpoint;
        this.trunk = trunk;
        this.inputs = inputs;
    }

    Stream<ForwardOutput> all() {
        boolean vqa = BridgeTowerForQuestionAnswering.isIn(checkpoint);
        boolean ve = BridgeTowerForVisualEntailment.isIn(checkpoint);
        boolean nlvr2 = BridgeTowerForVisualReasoning.isIn(checkpoint);
        return Stream.of(
                output("vqa.logits", vqa, null, rows(this::answers)),
                output("vqa.loss", vqa, ForwardInputs.ANSWER_TARGETS, ForwardOutput.scalar(this::answerLoss)),
                output("ve.logits", ve, null, rows(this::entailment)),
                output("ve.loss", ve, ForwardInputs.ENTAILMENT_LABELS, ForwardOutput.scalar(this::entailmentLoss)),
                output("nlvr2.logits", nlvr2, ForwardInputs.SECOND_IMAGES, rows(this::reasoning)),
                reasoningLoss(nlvr2));
    }

    /** It needs two inputs more. */
    private ForwardOutput reasoningLoss(boolean hasHead) {
        String needed =
                inputs.has(ForwardInputs.SECOND_IMAGES) ? ForwardInputs.REASONING_LABELS : ForwardInputs.SECOND_IMAGES;
        return output(
                "nlvr2.loss",
                hasHead,
                needed,
                ForwardOutput.scalar(() -> BridgeTowerForVisualReasoning.loss(
                        reasoning(), inputs.labels(ForwardInputs.REASONING_LABELS))));
    }

    private ForwardOutput output(String name, boolean hasHead, String needed, ForwardOutput.Value value) {
        return ForwardOutput.ofHead(checkpoint, inputs, name, hasHead, needed, value);
    }

    private float[][] answers() throws IOException {
        if (answers == null) {
            try (var head = BridgeTowerForQuestionAnswering.load(checkpoint, trunk)) {
                answers = head.logits(inputs.texts(), inputs.images());
            }
        }
        return answers;
    }

    private double answerLoss() throws IOException {
        return BridgeTowerForQuestionAnswering.loss(answers(), inputs.answerTargets());
    }

    private float[][] entailment() throws IOException {
        if (entailment == null) {
            try (var head = BridgeTowerForVisualEntailment.load(checkpoint, trunk)) {
                entailment = head.logits(inputs.texts(), inputs.images());
            }
        }
        return entailment;
    }

    private double entailmentLoss() throws IOException {
        return BridgeTowerForVisualEntailment.loss(entailment(), inputs.labels(ForwardInputs.ENTAILMENT_LABELS));
    }

    private float[][] reasoning() throws IOException {
        if (reasoning == null) {
            try (var head = BridgeTowerForVisualReasoning.load(checkpoint, trunk)) {
                reasoning = head.logits(inputs.texts(), inputs.images(), inputs.secondImages());
            }
        }
        return reasoning;
    }

    @FunctionalInterface
    private interface Rows {
        float[][] compute() throws IOException;
    }

    private static ForwardOutput.Value rows(Rows rows) {
        return (writer, name) -> ForwardOutput.addRows(writer, name, rows.compute());
    }
}
