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
        List<List<Gap>> gaps = new ArrayList<>();
        for (int i = 0; i < masks.length; i++) gaps.add(new ArrayList<>());
        Outcome[] outcomes = new Outcome[masks.length];
        model.logitsAt(texts, images, pairing, masks, (pair, token, logits) -> {
            if (outcomes[pair] == null) outcomes[pair] = checked(null, logits);
            if (outcomes[pair] == null) gaps.get(pair).add(filler.gap(token, logits, top));
        });
        for (int i = 0; i < masks.length; i++) {
            if (outcomes[i] == null) outcomes[i] = filled(ids[pairing.texts()[i]], gaps.get(i));
        }
        return List.of(outcomes);
    }

    private Outcome filled(int[] ids, List<Gap> gaps) {
        return new Outcome.Filled(filler.completed(ids, gaps), gaps);
    }

    @Override
    public void close() {
        model.close();
    }
}
