package io.bridgetower.cli.evaluate;

import java.util.List;

/** The official soft accuracy of VQAv2: an answer is right if three people gave it, and partly right if one or two did. */
final class VqaAccuracy {
    private static final double ENOUGH = 3;

    private VqaAccuracy() {}

    /**
     * The accuracy of one answer, averaged over all choices of people but one.
     *
     * @param given the answers of people, ten as a rule
     * @return from 0 to 1
     */
    static double of(String answer, List<String> given) {
        List<String> trimmed = given.stream().map(VqaText::trimmed).toList();
        String found = VqaText.trimmed(answer);
        if (trimmed.stream().distinct().count() > 1) {
            trimmed = trimmed.stream().map(VqaText::normalized).toList();
            found = VqaText.normalized(found);
        }
        int same = 0;
        for (String one : trimmed) if (one.equals(found)) same++;
        double sum = 0;
        for (String one : trimmed) sum += Math.min(1, (one.equals(found) ? same - 1 : same) / ENOUGH);
        return sum / trimmed.size();
    }
}
