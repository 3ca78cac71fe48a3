package io.bridgetower.cli.search;

import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.checkpoint.Checkpoint;

/** The heads that the stages of a search need. */
final class SearchHeads {
    private SearchHeads() {}

    static void checkContrastive(Checkpoint checkpoint) throws Failure {
        if (BridgeTowerForContrastiveLearning.isIn(checkpoint)) return;
        throw new Failure(checkpoint.directory()
                + ": the model has no contrastive heads (itc_text_head, itc_image_head), which make the vectors of an"
                + " index");
    }

    static void checkMatching(Checkpoint checkpoint) throws Failure {
        if (BridgeTowerForImageAndTextRetrieval.isIn(checkpoint)) return;
        throw new Failure(
                checkpoint.directory() + ": the model has no matching head (itm_score), which --rerank needs");
    }
}
