package io.bridgetower.jobs.scoring;

import io.bridgetower.Filled;
import io.bridgetower.MaskFiller;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.processor.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** {@link Task#FILL}. */
public final class Filling extends Fusing {
    private final BridgeTowerForMaskedLM model;
    private final MaskFiller filler;
    private final int top;

    public Filling(BridgeTowerForMaskedLM model, Tokenizer tokenizer, int top) {
        super(model.trunk(), model::fingerprint, model::close);
        this.model = model;
        this.filler = new MaskFiller(tokenizer);
        this.top = top;
    }

    @Override
    String problem(int[] ids) {
        try {
            filler.masks(ids);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    @Override
    List<Outcome> pairs(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing, int[][] ids) {
        int[][] masks = new int[pairing.size()][];
        for (int i = 0; i < masks.length; i++) masks[i] = filler.masks(ids[pairing.texts()[i]]);
        List<List<Filled>> gaps = new ArrayList<>();
        for (int i = 0; i < masks.length; i++) gaps.add(new ArrayList<>());
        Outcome[] outcomes = new Outcome[masks.length];
        model.logitsAt(texts, images, pairing, masks, (pair, token, logits) -> {
            if (outcomes[pair] == null) outcomes[pair] = checked(null, logits);
            if (outcomes[pair] == null) gaps.get(pair).add(filler.fill(token, logits, top));
        });
        for (int i = 0; i < masks.length; i++) {
            if (outcomes[i] == null) outcomes[i] = filled(ids[pairing.texts()[i]], gaps.get(i));
        }
        return List.of(outcomes);
    }

    private Outcome filled(int[] ids, List<Filled> gaps) {
        return new Outcome.Completed(filler.complete(ids, gaps), gaps);
    }
}
