package io.bridgetower.engine;

import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.runtime.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/** Plain twins of the kernels, in 64-bit floats. */
public final class Scalar {
    private Scalar() {}

    /** A tensor of normally distributed numbers. */
    public static Tensor random(Random random, Arena arena, int... shape) {
        Tensor tensor = Tensor.allocate(arena, shape);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return tensor;
    }

    public static double get(Matrix x, int row, int column) {
        return x.rows(row, 1).columns(column, 1).toArray()[0];
    }

    /** activation(x·Wᵀ + b) + residual; bias and residual may be null. */
    public static double[][] linear(Matrix x, Tensor weight, Tensor bias, Activation activation, Matrix residual) {
        double[][] y = new double[x.rows()][weight.dim(0)];
        for (int i = 0; i < y.length; i++) {
            float[] row = x.rows(i, 1).toArray();
            for (int j = 0; j < y[i].length; j++) {
                double sum = bias == null ? 0 : bias.get(j);
                for (int k = 0; k < row.length; k++) sum += (double) row[k] * weight.get(j, k);
                y[i][j] = activate(activation, sum) + (residual == null ? 0 : get(residual, i, j));
            }
        }
        return y;
    }

    public static double activate(Activation activation, double x) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> Math.max(x, 0);
            case GELU -> 0.5 * x * (1 + erf(x / Math.sqrt(2)));
            case GELU_NEW -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case SILU -> x / (1 + Math.exp(-x));
            case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
            case TANH -> Math.tanh(x);
        };
    }

    /** By its Taylor series where that converges quickly, by the continued fraction of erfc elsewhere. */
    static double erf(double x) {
        double a = Math.abs(x), value;
        if (a < 3) {
            double term = a, sum = 0;
            for (int n = 0; n < 120; n++) {
                sum += term / (2 * n + 1);
                term *= -a * a / (n + 1);
            }
            value = 2 / Math.sqrt(Math.PI) * sum;
        } else {
            double fraction = a;
            for (int n = 60; n > 0; n--) fraction = a + n / 2.0 / fraction;
            value = 1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / fraction;
        }
        return Math.copySign(value, x);
    }

    public static double[] layerNorm(double[] x, Tensor weight, Tensor bias, double epsilon) {
        double mean = 0, variance = 0;
        for (double value : x) mean += value / x.length;
        for (double value : x) variance += (value - mean) * (value - mean) / x.length;
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = (x[i] - mean) / Math.sqrt(variance + epsilon) * weight.get(i) + bias.get(i);
        }
        return y;
    }

    /**
     * Probabilities of one head's query over all keys of its sequence; zero for keys that are not seen.
     *
     * @param distances relative embeddings, [2M − 1, width]; null for none
     */
    public static double[] probabilities(
            Attention.Form form,
            Matrix q,
            Matrix k,
            Attention.Sequence sequence,
            int query,
            int head,
            Tensor distances,
            boolean withKeys) {
        int width = q.columns() / form.heads();
        int position = form.causal() ? sequence.keys() - sequence.queries() + query : query;
        boolean[] seen = new boolean[sequence.keys()];
        boolean nothing = true;
        for (int key = 0; key < seen.length; key++) {
            boolean visible = sequence.visible() == null || Arrays.binarySearch(sequence.visible(), key) >= 0;
            seen[key] = visible && (!form.causal() || key <= position);
            nothing &= !seen[key];
        }
        float[] queryRow = q.rows(sequence.firstQuery() + query, 1)
                .columns(head * width, width)
                .toArray();
        double[] scores = new double[sequence.keys()];
        double greatest = Double.NEGATIVE_INFINITY;
        for (int key = 0; key < scores.length; key++) {
            if (!nothing && !seen[key]) {
                scores[key] = Double.NEGATIVE_INFINITY;
                continue;
            }
            float[] keyRow = k.rows(sequence.firstKey() + key, 1)
                    .columns(head * width, width)
                    .toArray();
            for (int i = 0; i < width && !nothing; i++) {
                scores[key] += (double) queryRow[i] * keyRow[i];
                if (distances == null) continue;
                double distance = distances.get(position - key + distances.dim(0) / 2, i);
                scores[key] += (queryRow[i] + (withKeys ? keyRow[i] : 0)) * distance;
            }
            scores[key] /= Math.sqrt(form.divisor() == 0 ? width : form.divisor());
            greatest = Math.max(greatest, scores[key]);
        }
        double sum = 0;
        for (int key = 0; key < scores.length; key++) sum += scores[key] = Math.exp(scores[key] - greatest);
        for (int key = 0; key < scores.length; key++) scores[key] /= sum;
        return scores;
    }
}
