package io.bridgetower.jobs.scoring;

import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.Pairing;
import java.util.Arrays;
import java.util.List;

/** {@link Task#MATCH}. */
public final class Matching extends Fusing {
    private final BridgeTowerForImageAndTextRetrieval model;

    public Matching(BridgeTowerForImageAndTextRetrieval model) {
        super(model.trunk(), model::fingerprint, model::close);
        this.model = model;
    }

    @Override
    List<Outcome> pairs(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing, int[][] ids) {
        return Arrays.stream(model.logits(texts, images, pairing))
                .map(logits -> checked(new Outcome.Match(logits[0], logits[1]), logits))
                .toList();
    }
}
