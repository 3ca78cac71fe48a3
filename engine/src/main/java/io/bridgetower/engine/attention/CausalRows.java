package io.bridgetower.engine.attention;

import io.bridgetower.engine.attention.Attention.Form;
import io.bridgetower.engine.attention.Attention.Pattern;
import io.bridgetower.engine.attention.Attention.Probabilities;
import io.bridgetower.engine.attention.Attention.Sequence;
import io.bridgetower.engine.runtime.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequences of causal attention with their fully masked rows set apart: queries that see no key, because all keys up to
 * their own are masked, as in a text that is padded on the left. Such rows give all keys the same weight; they become a
 * sequence in which nothing is visible. The others keep their keys, and with them the bits of their results.
 */
final class CausalRows {
    private CausalRows() {}

    static Pattern of(Form form, Pattern pattern) {
        Sequence[] sequences = pattern.sequences();
        Probabilities probabilities = pattern.probabilities();
        List<Sequence> parts = new ArrayList<>();
        List<Matrix> kept = new ArrayList<>();
        for (int i = 0; i < sequences.length; i++) {
            Sequence s = sequences[i];
            int fullyMasked = fullyMasked(form, s), others = s.queries() - fullyMasked;
            if (fullyMasked > 0) {
                parts.add(new Sequence(s.firstQuery(), fullyMasked, s.firstKey(), s.keys(), new int[0]));
                if (probabilities != null) kept.add(probabilities.sequences()[i]);
            }
            if (others > 0) {
                parts.add(new Sequence(s.firstQuery() + fullyMasked, others, s.firstKey(), s.keys(), s.visible()));
                if (probabilities != null) {
                    Matrix all = probabilities.sequences()[i];
                    kept.add(all.rows(fullyMasked, all.rows() - fullyMasked));
                }
            }
        }
        return new Pattern(
                parts.toArray(Sequence[]::new),
                probabilities == null ? null : new Probabilities(kept.toArray(Matrix[]::new), probabilities.stride()));
    }

    /** How many of the first queries come before every visible key. */
    private static int fullyMasked(Form form, Sequence sequence) {
        if (sequence.visible() == null) return 0;
        if (sequence.isFullyMasked()) return sequence.queries();
        return Math.clamp(sequence.visible()[0] - form.firstPosition(sequence), 0, sequence.queries());
    }
}
