package io.bridgetower.model.runtime;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Cross-entropies, in 64-bit floats. */
public final class Losses {
    /** Marks a position that has no label, as in PyTorch. */
    public static final int IGNORED = -100;

    private Losses() {}

    /**
     * The mean over rows whose label is not {@link #IGNORED}; NaN if there are none, as in PyTorch.
     *
     * @throws IllegalArgumentException if there are not as many labels as rows or a label is out of range
     */
    public static double crossEntropy(float[][] logits, int[] labels) {
        if (logits.length != labels.length) {
            throw new IllegalArgumentException("labels: expected " + logits.length + ", found " + labels.length);
        }
        Mean mean = new Mean();
        for (int row : labelled(labels)) {
            checkLabel("label " + row, labels[row], logits[row].length);
            mean.add(logits[row], labels[row]);
        }
        return mean.value();
    }

    /**
     * Binary cross-entropy: the mean over rows of the sum over columns, as torch's mean over all times the number of columns;
     * NaN if there are no rows.
     *
     * @throws IllegalArgumentException if the shapes differ or a target is not 0 to 1
     */
    public static double binaryCrossEntropy(float[][] logits, float[][] targets) {
        if (logits.length != targets.length) {
            throw new IllegalArgumentException("targets: expected " + logits.length + ", found " + targets.length);
        }
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            if (targets[i].length != logits[i].length) {
                throw new IllegalArgumentException(
                        "targets " + i + ": expected " + logits[i].length + ", found " + targets[i].length);
            }
            for (int j = 0; j < logits[i].length; j++) {
                double logit = logits[i][j], target = targets[i][j];
                if (!(target >= 0 && target <= 1)) {
                    throw new IllegalArgumentException(
                            "target " + i + ", " + j + ": expected 0 to 1, found " + targets[i][j]);
                }
                sum += Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit)));
            }
        }
        return sum / logits.length;
    }

    /** The probabilities that logits stand for; they sum to 1. */
    public static double[] softmax(float[] logits) {
        double greatest = Double.NEGATIVE_INFINITY, sum = 0;
        for (float logit : logits) greatest = Math.max(greatest, logit);
        double[] probabilities = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = Math.exp(logits[i] - greatest);
            sum += probabilities[i];
        }
        for (int i = 0; i < logits.length; i++) probabilities[i] /= sum;
        return probabilities;
    }

    /** The mean of the cross-entropies of rows that are added one after the other. */
    public static final class Mean {
        private double sum;
        private int count;

        public void add(float[] logits, int label) {
            sum += crossEntropy(logits, label);
            count++;
        }

        /** NaN if there are none, as in PyTorch. */
        public double value() {
            return sum / count;
        }
    }

    /** The indices of the labels that are not {@link #IGNORED}. */
    public static int[] labelled(int[] labels) {
        return IntStream.range(0, labels.length)
                .filter(i -> labels[i] != IGNORED)
                .toArray();
    }

    /**
     * Checks labels of tokens.
     *
     * @param length tokens of each text
     * @param classes number of different labels
     * @throws IllegalArgumentException if there is not a label for each token, or one is out of range
     */
    public static void checkLabels(int[][] labels, int texts, IntUnaryOperator length, int classes) {
        if (labels.length != texts) {
            throw new IllegalArgumentException("labels: expected " + texts + " texts, found " + labels.length);
        }
        for (int i = 0; i < texts; i++) {
            if (labels[i].length != length.applyAsInt(i)) {
                throw new IllegalArgumentException(
                        "labels of text " + i + ": expected " + length.applyAsInt(i) + ", found " + labels[i].length);
            }
            for (int token : labelled(labels[i])) {
                checkLabel("label of text " + i + ", token " + token, labels[i][token], classes);
            }
        }
    }

    private static void checkLabel(String name, int label, int classes) {
        if (label < 0 || label >= classes) {
            throw new IllegalArgumentException(
                    name + ": expected 0 to " + (classes - 1) + " or " + IGNORED + ", found " + label);
        }
    }

    private static double crossEntropy(float[] logits, int label) {
        double greatest = Double.NEGATIVE_INFINITY, sum = 0;
        for (float logit : logits) greatest = Math.max(greatest, logit);
        for (float logit : logits) sum += Math.exp(logit - greatest);
        return Math.log(sum) + greatest - logits[label];
    }
}
