package io.bridgetower.jobs.scoring;

import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.Pairing;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** {@link Task#EMBED_PAIR}. */
public final class EmbeddingPairs extends Fusing {
    private final BridgeTowerForContrastiveLearning model;

    /** @param model with a head of pairs */
    public EmbeddingPairs(BridgeTowerForContrastiveLearning model) {
        super(model.trunk(), model::fingerprint, model::close);
        this.model = model;
    }

    @Override
    List<Outcome> pairs(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing, int[][] ids) {
        List<Outcome> outcomes = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            for (float[] vector : Vectors.rows(model.crossEmbeds(arena, texts, images, pairing))) {
                outcomes.add(checked(new Outcome.Embedding(vector), vector));
            }
        }
        return outcomes;
    }
}
