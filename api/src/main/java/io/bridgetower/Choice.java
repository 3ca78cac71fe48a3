package io.bridgetower;

import io.bridgetower.inputs.FiniteValues;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * One of the labels that a model chooses from: an answer, or a judgement of a sentence.
 *
 * @param label its name, as the model's configuration has it
 * @param probability from 0 to 1: of answers each by itself, of other labels all together 1
 * @param logit what the probability comes from
 */
public record Choice(String label, double probability, float logit) {
    /**
     * All labels of a head, the best first; of equal ones the earlier.
     *
     * @param labels one for each logit
     * @param probabilities of a head, from its logits
     * @throws ArithmeticException if a logit is not finite
     */
    public static List<Choice> ranked(List<String> labels, float[] logits, Function<float[], double[]> probabilities) {
        double[] each = probabilities.apply(FiniteValues.checked(logits));
        List<Choice> choices = new ArrayList<>(logits.length);
        for (int i = 0; i < logits.length; i++) choices.add(new Choice(labels.get(i), each[i], logits[i]));
        choices.sort(Comparator.comparingDouble(Choice::logit).reversed());
        return choices;
    }
}
