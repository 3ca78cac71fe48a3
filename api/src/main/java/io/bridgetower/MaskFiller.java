package io.bridgetower;

import io.bridgetower.inputs.FiniteValues;
import io.bridgetower.processor.text.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** Turns the logits of masked tokens into words. Immutable and safe for use by several threads. */
public final class MaskFiller {
    private final Tokenizer tokenizer;

    /** @param tokenizer of the model that the logits come from */
    public MaskFiller(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * The indices of the masked tokens of a text.
     *
     * @throws IllegalArgumentException if there are none
     */
    public int[] masks(int[] ids) {
        int[] masks = IntStream.range(0, ids.length)
                .filter(i -> ids[i] == tokenizer.maskId())
                .toArray();
        if (masks.length > 0) return masks;
        String mask = tokenizer.decode(new int[] {tokenizer.maskId()}, false).strip();
        throw new IllegalArgumentException("the text has no masked token; " + mask + " stands for one");
    }

    /**
     * The best words for a masked token.
     *
     * @param mask its index in the text
     * @param logits of the vocabulary
     * @param top how many words
     * @throws ArithmeticException if a logit is infinite or not a number
     */
    public Filled fill(int mask, float[] logits, int top) {
        return new Filled(mask, best(FiniteValues.checked(logits), top));
    }

    /** The text with the best word at every masked token. */
    public String complete(int[] ids, List<Filled> filled) {
        int[] completed = ids.clone();
        for (Filled mask : filled)
            completed[mask.token()] = mask.words().getFirst().id();
        return tokenizer.decode(completed, true).strip();
    }

    private List<Filled.Word> best(float[] logits, int top) {
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
        List<Filled.Word> words = new ArrayList<>();
        while (!best.isEmpty()) {
            int id = best.remove();
            String text = tokenizer.decode(new int[] {id}, false);
            words.addFirst(new Filled.Word(id, text, Math.exp(logits[id] - greatest) / sum));
        }
        return words;
    }
}
