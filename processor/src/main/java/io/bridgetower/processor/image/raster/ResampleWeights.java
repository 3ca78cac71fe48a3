package io.bridgetower.processor.image.raster;

/**
 * What each target pixel of one axis reads: a run of source pixels and their weights in fixed point. Computed as Pillow
 * does it: in double precision, normalized to a sum of one, then rounded half away from zero.
 *
 * @param first for each target pixel, its first source pixel
 * @param count for each target pixel, how many source pixels it reads
 * @param taps the largest possible count, and the stride of {@code weights}
 * @param weights {@code taps} weights for each target pixel, scaled by 2<sup>{@value #PRECISION_BITS}</sup>, zero
 *     beyond
 *     {@code count}
 */
record ResampleWeights(int[] first, int[] count, int taps, int[] weights) {
    /** 32 bits, less 8 of the pixel and 2 for weights beyond one and a sum below zero. */
    static final int PRECISION_BITS = 32 - 8 - 2;

    /** Half a unit, so that the shift by {@link #PRECISION_BITS} rounds. */
    static final int HALF = 1 << (PRECISION_BITS - 1);

    public static ResampleWeights of(int source, int target, Resampling filter) {
        double scale = (double) source / target;
        double filterScale = Math.max(scale, 1);
        double support = filter.support() * filterScale;
        double inverse = 1 / filterScale;
        int taps = Math.min((int) Math.ceil(support) * 2 + 1, source);
        int[] first = new int[target];
        int[] count = new int[target];
        int[] weights = new int[Math.multiplyExact(target, taps)];
        double[] kernel = new double[taps];
        for (int i = 0; i < target; i++) {
            double center = (i + 0.5) * scale;
            first[i] = Math.max((int) (center - support + 0.5), 0);
            count[i] = Math.min((int) (center + support + 0.5), source) - first[i];
            double sum = 0;
            for (int k = 0; k < count[i]; k++) {
                kernel[k] = filter.weight((k + first[i] - center + 0.5) * inverse);
                sum += kernel[k];
            }
            for (int k = 0; k < count[i]; k++) weights[i * taps + k] = fixed(sum == 0 ? kernel[k] : kernel[k] / sum);
        }
        return new ResampleWeights(first, count, taps, weights);
    }

    private static int fixed(double weight) {
        return (int) (weight * (1 << PRECISION_BITS) + (weight < 0 ? -0.5 : 0.5));
    }
}
