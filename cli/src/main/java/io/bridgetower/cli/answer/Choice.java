package io.bridgetower.cli.answer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One of the labels that a head chooses from.
 *
 * @param probability from 0 to 1
 */
record Choice(String label, double probability, float logit) {
    /** All labels, the best first; of equal ones the earlier. */
    static List<Choice> ranked(List<String> labels, double[] probabilities, float[] logits) {
        List<Choice> choices = new ArrayList<>(logits.length);
        for (int i = 0; i < logits.length; i++) choices.add(new Choice(labels.get(i), probabilities[i], logits[i]));
        choices.sort(Comparator.comparingDouble(Choice::logit).reversed());
        return choices;
    }
}
