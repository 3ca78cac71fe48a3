package io.bridgetower.jobs;

import io.bridgetower.processor.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** Turns the logits of masked tokens into words. Immutable. */
public final class GapFiller {
    private final Tokenizer tokenizer;

    /** @param tokenizer of the model that the logits come from */
    public GapFiller(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The indices of the masked tokens of a text. */
    public int[] masks(int[] ids) {
        return IntStream.range(0, ids.length)
                .filter(i -> ids[i] == tokenizer.maskId())
                .toArray();
    }

    /**
     * One gap of a text, on its own: it does not depend on what the others are filled with.
     *
     * @param token the masked token's index
     * @param logits of the vocabulary
     * @param top how many words
     */
    public Gap gap(int token, float[] logits, int top) {
        return new Gap(token, best(logits, top));
    }

    /** The text with the best word in every gap. */
    public String completed(int[] ids, List<Gap> gaps) {
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
