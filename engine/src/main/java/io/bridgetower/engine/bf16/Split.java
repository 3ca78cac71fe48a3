package io.bridgetower.engine.bf16;

import java.util.ArrayList;
import java.util.List;

/**
 * Of which products of bf16 a product of floats is made. A float is split into parts, each the bf16 nearest to what the parts
 * before it leave over: a = a₀ + a₁ + …, each part 2⁸ times smaller. Of the products of parts, those are computed that are not
 * smaller than the error of the split.
 *
 * @param aParts parts of an element of A
 * @param bParts parts of an element of B, as many or fewer
 */
public record Split(int aParts, int bParts) {
    /** A product of one part of A and one of B. */
    record Term(int a, int b) {}

    /** @throws IllegalArgumentException if B has more parts than A, or one of them none */
    public Split {
        if (bParts < 1 || aParts < bParts) {
            throw new IllegalArgumentException("expected from 1 to " + aParts + " parts, found " + bParts);
        }
    }

    /** In the order of their sum, in which one operand of a term is that of the one before, where that is possible. */
    List<Term> terms() {
        List<Term> terms = new ArrayList<>();
        for (int a = 0; a < aParts; a++) {
            int last = Math.min(bParts, aParts - a) - 1;
            for (int i = 0; i <= last; i++) terms.add(new Term(a, a % 2 == 0 ? last - i : i));
        }
        return terms;
    }

    /** Products of bf16 for one of floats. */
    public int products() {
        return terms().size();
    }
}
