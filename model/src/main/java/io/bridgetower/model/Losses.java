package io.bridgetower.model;

/** Cross-entropy, in 64-bit floats. */
final class Losses {
    /** Marks a position that has no label, as in PyTorch. */
    static final int IGNORED = -100;

    private Losses() {}

    /**
     * The mean over rows whose label is not {@link #IGNORED}; NaN if there are none, as in PyTorch.
     *
     * @throws IllegalArgumentException if there are not as many labels as rows or a label is out of range
     */
    static double crossEntropy(float[][] logits, int[] labels) {
        if (logits.length != labels.length) {
            throw new IllegalArgumentException("labels: expected " + logits.length + ", found " + labels.length);
        }
        double sum = 0;
        int count = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == IGNORED) continue;
            if (labels[i] < 0 || labels[i] >= logits[i].length) {
                throw new IllegalArgumentException("label " + i + ": expected 0 to " + (logits[i].length - 1) + " or "
                        + IGNORED + ", found " + labels[i]);
            }
            sum += crossEntropy(logits[i], labels[i]);
            count++;
        }
        return sum / count;
    }

    private static double crossEntropy(float[] logits, int label) {
        double greatest = Double.NEGATIVE_INFINITY, sum = 0;
        for (float logit : logits) greatest = Math.max(greatest, logit);
        for (float logit : logits) sum += Math.exp(logit - greatest);
        return Math.log(sum) + greatest - logits[label];
    }
}
