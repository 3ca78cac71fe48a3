package io.bridgetower.jobs;

import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.Pairing;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.processor.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** {@link Task#FILL}. */
final class Filling extends Fusing {
    private final BridgeTowerForMaskedLM model;
    private final GapFiller filler;
    private final String mask;
    private final int top;

    Filling(BridgeTowerForMaskedLM model, Tokenizer tokenizer, int top) {
        this.model = model;
        this.filler = new GapFiller(tokenizer);
        this.mask = tokenizer.decode(new int[] {tokenizer.maskId()}, false).strip();
        this.top = top;
    }

    @Override
    public BridgeTowerModel trunk() {
        return model.trunk();
    }

    @Override
    public String fingerprint() {
        return model.fingerprint();
    }

    @Override
    public String problem(int[] ids) {
        return filler.masks(ids).length > 0 ? null : "the text has no gap; " + mask + " stands for one";
    }

    @Override
    List<Outcome> pairs(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing, int[][] ids) {
        int[][] masks = new int[pairing.size()][];
        for (int i = 0; i < masks.length; i++) masks[i] = filler.masks(ids[pairing.texts()[i]]);
        float[][][] logits = model.logitsAt(texts, images, pairing, masks);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < masks.length; i++) outcomes.add(outcome(ids[pairing.texts()[i]], masks[i], logits[i]));
        return outcomes;
    }

    private Outcome outcome(int[] ids, int[] masks, float[][] logits) {
        List<Gap> gaps = filler.gaps(masks, logits, top);
        Outcome outcome = new Outcome.Filled(filler.completed(ids, gaps), gaps);
        for (float[] gap : logits) outcome = checked(outcome, gap);
        return outcome;
    }

    @Override
    public void close() {
        model.close();
    }
}
