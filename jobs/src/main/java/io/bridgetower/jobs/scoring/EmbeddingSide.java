package io.bridgetower.jobs.scoring;

import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.inputs.Pairing;
import java.util.ArrayList;
import java.util.List;

/** {@link Task#EMBED_IMAGE} and {@link Task#EMBED_TEXT}. */
public final class EmbeddingSide extends Vectors {
    private final boolean ofTexts;

    /** @param ofTexts otherwise of images */
    public EmbeddingSide(BridgeTowerForContrastiveLearning model, boolean ofTexts) {
        super(model);
        this.ofTexts = ofTexts;
    }

    @Override
    boolean readsTexts() {
        return ofTexts;
    }

    @Override
    boolean readsImages() {
        return !ofTexts;
    }

    @Override
    List<Outcome> pairs(List<Vector> texts, List<Vector> images, Pairing pairing, int[][] ids) {
        List<Vector> side = ofTexts ? texts : images;
        List<Outcome> outcomes = new ArrayList<>();
        for (int index : ofTexts ? pairing.texts() : pairing.images()) {
            float[] vector = side.get(index).values();
            outcomes.add(checked(new Outcome.Embedding(vector), vector));
        }
        return outcomes;
    }
}
