package io.bridgetower.jobs.scoring;

import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.inputs.Pairing;
import java.util.ArrayList;
import java.util.List;

/** {@link Task#CONTRASTIVE}. */
public final class Contrasting extends Vectors {
    public Contrasting(BridgeTowerForContrastiveLearning model) {
        super(model);
    }

    @Override
    List<Outcome> pairs(List<Vector> texts, List<Vector> images, Pairing pairing, int[][] ids) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < pairing.size(); i++) {
            float[] text = texts.get(pairing.texts()[i]).values(),
                    image = images.get(pairing.images()[i]).values();
            double dot = 0;
            for (int j = 0; j < text.length; j++) dot += (double) text[j] * image[j];
            outcomes.add(checked(new Outcome.Similarity(dot), new float[] {(float) dot}));
        }
        return outcomes;
    }
}
