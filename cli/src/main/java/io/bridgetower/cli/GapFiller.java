package io.bridgetower.cli;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.ImageInputs;
import io.bridgetower.model.TextInputs;
import io.bridgetower.processor.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** Finds the words that belong in the gaps of a text, given a picture. */
final class GapFiller {
    private final BridgeTowerForMaskedLM model;
    private final Tokenizer tokenizer;

    GapFiller(BridgeTowerForMaskedLM model, Tokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
    }

    /**
     * The gaps of a text, each on its own: none knows what the others are filled with.
     *
     * @param ids the tokens of the text
     * @param pixels of the picture, [1, channels, height, width]
     * @param top how many words for each gap
     */
    List<Gap> fill(int[] ids, Tensor pixels, int top) throws Failure {
        int[] masks = IntStream.range(0, ids.length)
                .filter(i -> ids[i] == tokenizer.maskId())
                .toArray();
        TextInputs text = TextInputs.of(new int[][] {ids});
        float[][] logits = model.logitsAt(text, ImageInputs.of(pixels), new int[][] {masks})[0];
        List<Gap> gaps = new ArrayList<>();
        for (int i = 0; i < masks.length; i++) gaps.add(new Gap(masks[i], best(Finite.checked(logits[i]), top)));
        return gaps;
    }

    /** The text with the best word in every gap. */
    String completed(int[] ids, List<Gap> gaps) {
        int[] completed = ids.clone();
        for (Gap gap : gaps) completed[gap.token()] = gap.words().getFirst().id();
        return tokenizer.decode(completed, true).strip();
    }

    private List<Gap.Word> best(float[] logits, int top) {
        double greatest = Double.NEGATIVE_INFINITY, sum = 0;
        for (float logit : logits) greatest = Math.max(greatest, logit);
        for (float logit : logits) sum += Math.exp(logit - greatest);
        // The worst of the best so far is at the head; of equal ones the later.
        Comparator<Integer> worstFirst =
                Comparator.comparingDouble((Integer id) -> logits[id]).thenComparing(Comparator.reverseOrder());
        PriorityQueue<Integer> best = new PriorityQueue<>(worstFirst);
        for (int id = 0; id < logits.length; id++) {
            best.add(id);
            if (best.size() > top) best.remove();
        }
        List<Gap.Word> words = new ArrayList<>();
        while (!best.isEmpty()) {
            int id = best.remove();
            String text = tokenizer.decode(new int[] {id}, false);
            words.addFirst(new Gap.Word(id, text, Math.exp(logits[id] - greatest) / sum));
        }
        return words;
    }
}
