package io.bridgetower.cli.model;

import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerForQuestionAnswering;
import io.bridgetower.model.BridgeTowerForVisualEntailment;
import io.bridgetower.model.BridgeTowerForVisualReasoning;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.TaskHead;
import java.util.ArrayList;
import java.util.List;

/** The heads of a checkpoint, by the names that their outputs begin with. */
public final class HeadNames {
    private HeadNames() {}

    /** All heads: itm, mlm, itc, vqa, ve, nlvr2, as many as there are. */
    public static List<String> of(Checkpoint checkpoint) {
        List<String> heads = new ArrayList<>();
        if (BridgeTowerForImageAndTextRetrieval.isIn(checkpoint)) heads.add("itm");
        if (BridgeTowerForMaskedLM.isIn(checkpoint)) heads.add("mlm");
        if (BridgeTowerForContrastiveLearning.isIn(checkpoint)) heads.add("itc");
        if (BridgeTowerForQuestionAnswering.isIn(checkpoint)) heads.add("vqa");
        if (BridgeTowerForVisualEntailment.isIn(checkpoint)) heads.add("ve");
        if (BridgeTowerForVisualReasoning.isIn(checkpoint)) heads.add("nlvr2");
        return heads;
    }

    /**
     * Demands the head of a task.
     *
     * @throws Failure if there is none; the message names those that there are
     */
    public static void require(TaskHead head, Checkpoint checkpoint) throws Failure {
        List<String> heads = of(checkpoint);
        String wanted = switch (head) {
            case QUESTION_ANSWERING -> "vqa";
            case VISUAL_ENTAILMENT -> "ve";
            case VISUAL_REASONING -> "nlvr2";
        };
        if (heads.contains(wanted)) return;
        boolean fills = head == TaskHead.QUESTION_ANSWERING && heads.contains("mlm");
        throw new Failure(checkpoint.directory() + ": the checkpoint has no " + wanted + " head (" + head.tensors()
                + ".*), " + (heads.isEmpty() ? "nor any other" : "only " + String.join(", ", heads))
                + (fills ? "; fill finds the word for a <mask> in a sentence instead" : ""));
    }
}
