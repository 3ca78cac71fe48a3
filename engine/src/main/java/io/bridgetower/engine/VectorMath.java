package io.bridgetower.engine;

import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;

/**
 * Elementary functions on vectors, within about 2 units in the last place of the exact value, and activations, which are
 * as close beside the larger of 1 and |x|.
 *
 * <p>Polynomials are minimax fits over the interval named beside them; their own error is below 5e-9, so what remains is
 * the rounding of single precision. Four things make them fast:
 *
 * <ul>
 *   <li>Coefficients are floats, which the JIT compiler broadcasts once before a loop. Vectors held as constants would be
 *       loaded again in every round, as they might lie in the array that the loop writes to.
 *   <li>Bounds are compared and blended, two instructions; {@code max} and {@code min} order zeros and NaNs as Java does,
 *       in six.
 *   <li>Long polynomials are split into parts that do not wait for each other (Estrin's scheme).
 *   <li>Everything is a power of two.
 * </ul>
 */
final class VectorMath {
    /** log₂ e: a score times this is an exponent of two. */
    static final float LOG2_E = 1.44269504f;

    /** 1.5 · 2²³: adding it rounds a small float to an integer, held in the low bits of the sum. */
    private static final float ROUNDER = 12582912f;

    /** Powers of two below this are smaller than normal floats. */
    private static final float LOWEST = -126f;

    private static final float HIGHEST = 127f;

    /** 2ʳ on |r| ≤ ½; the last coefficient is 1. */
    private static final float EXP_6 = 0.00015353362f,
            EXP_5 = 0.0013398875f,
            EXP_4 = 0.009618437f,
            EXP_3 = 0.055503324f,
            EXP_2 = 0.24022648f,
            EXP_1 = 0.6931472f;

    /** (tanh x / x − 1) / x² by powers of x² on x² ≤ 0.39. */
    private static final float TANH_4 = -0.00569351853f,
            TANH_3 = 0.0206304107f,
            TANH_2 = -0.053737613f,
            TANH_1 = 0.133314248f,
            TANH_0 = -0.333332816f;

    private static final float TANH_SMALL = 0.625f;

    /** From here on tanh is 1 in single precision. */
    private static final float TANH_ONE = 16f;

    /** log₂ Φ(−t), Φ being the normal distribution, on 0 ≤ t ≤ {@link #PHI_END}, weighted by the error of t · Φ(−t). */
    private static final float PHI_9 = 1.8437895e-07f,
            PHI_8 = -4.3833288e-06f,
            PHI_7 = 4.1452167e-05f,
            PHI_6 = -0.00016854376f,
            PHI_5 = -0.0002173175f,
            PHI_4 = 0.0072074332f,
            PHI_3 = -0.052625623f,
            PHI_2 = -0.4591498f,
            PHI_1 = -1.151117f,
            PHI_0 = -0.9999993f;

    /** Φ(−5.7) is 6e-9. */
    private static final float PHI_END = 5.7f;

    private static final float GELU_CUBE = 0.044715f;

    /** −log₂ e, −1.702 log₂ e and −2 √(2/π) log₂ e. */
    static final float SILU_FACTOR = -LOG2_E,
            QUICK_GELU_FACTOR = -1.702f * LOG2_E,
            GELU_NEW_FACTOR = -2 * 0.797884561f * LOG2_E;

    private VectorMath() {}

    /** 2ˣ for x up to 127; below −126 about 1e-38 instead of zero. */
    static FloatVector exp2(FloatVector x) {
        return exp2InRange(x.blend(LOWEST, x.lt(LOWEST)));
    }

    /** 2ˣ for x from −126 to 127. */
    private static FloatVector exp2InRange(FloatVector x) {
        FloatVector shifted = x.add(ROUNDER);
        FloatVector r = x.sub(shifted.sub(ROUNDER));
        FloatVector square = r.mul(r);
        FloatVector p = square.lanewise(FMA, EXP_6, r.fma(EXP_5, EXP_4))
                .lanewise(FMA, square, r.fma(EXP_3, EXP_2))
                .lanewise(FMA, square, r.fma(EXP_1, 1f));
        return p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(LSHL, 23))
                .reinterpretAsFloats();
    }

    /** e^(2 |x|), of which {@link #tanh} is made. */
    static FloatVector tanhPower(FloatVector x) {
        FloatVector magnitude = x.abs();
        return exp2InRange(
                magnitude.blend(TANH_ONE, magnitude.compare(GT, TANH_ONE)).mul(2 * LOG2_E));
    }

    /**
     * The hyperbolic tangent.
     *
     * @param power {@link #tanhPower} of x
     */
    static FloatVector tanh(FloatVector x, FloatVector power) {
        // (e²ˣ − 1) / (e²ˣ + 1), which loses precision near zero.
        FloatVector large = power.sub(1f).div(power.add(1f));
        FloatVector z = x.mul(x);
        FloatVector p = z.fma(TANH_4, TANH_3)
                .lanewise(FMA, z, TANH_2)
                .lanewise(FMA, z, TANH_1)
                .lanewise(FMA, z, TANH_0);
        FloatVector small = p.mul(z).fma(x, x);
        return large.reinterpretAsInts()
                .or(x.reinterpretAsInts().and(Integer.MIN_VALUE))
                .reinterpretAsFloats()
                .blend(small, x.abs().lt(TANH_SMALL));
    }

    /** The greater of x and 0. */
    static FloatVector relu(FloatVector x) {
        return x.blend(0f, x.lt(0f));
    }

    /**
     * Replaces each x between two indices by x · Φ(x), which is max(x, 0) − |x| · Φ(−|x|).
     *
     * <p>A loop that calls nothing of ours: the compiler stops inlining our methods in one that has grown large, and makes
     * an object of every vector that passes to them.
     */
    static void gelu(float[] y, int from, int to) {
        for (int at = from; at < to; at += VectorWidth.LANES) {
            FloatVector x = FloatVector.fromArray(VectorWidth.F32, y, at);
            FloatVector t = x.abs();
            t = t.blend(PHI_END, t.compare(GT, PHI_END));
            FloatVector square = t.mul(t), fourth = square.mul(square);
            FloatVector log = t.fma(PHI_9, PHI_8)
                    .lanewise(FMA, fourth, t.fma(PHI_7, PHI_6).lanewise(FMA, square, t.fma(PHI_5, PHI_4)))
                    .lanewise(FMA, fourth, t.fma(PHI_3, PHI_2).lanewise(FMA, square, t.fma(PHI_1, PHI_0)));
            // As in exp2InRange.
            FloatVector shifted = log.add(ROUNDER);
            FloatVector r = log.sub(shifted.sub(ROUNDER));
            FloatVector z = r.mul(r);
            FloatVector power = z.lanewise(FMA, EXP_6, r.fma(EXP_5, EXP_4))
                    .lanewise(FMA, z, r.fma(EXP_3, EXP_2))
                    .lanewise(FMA, z, r.fma(EXP_1, 1f))
                    .reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(LSHL, 23))
                    .reinterpretAsFloats();
            x.blend(0f, x.lt(0f)).sub(power.mul(t)).intoArray(y, at);
        }
    }

    /**
     * Replaces each x between two indices by x / (1 + 2^(factor · z)).
     *
     * <p>Calls nothing of ours, as {@link #gelu}.
     *
     * @param behind how far behind its x each z lies
     */
    static void timesSigmoid(float[] y, int from, int to, int behind, float factor) {
        for (int at = from; at < to; at += VectorWidth.LANES) {
            FloatVector x = FloatVector.fromArray(VectorWidth.F32, y, at);
            FloatVector exponent =
                    FloatVector.fromArray(VectorWidth.F32, y, at + behind).mul(factor);
            exponent = exponent.blend(HIGHEST, exponent.compare(GT, HIGHEST));
            exponent = exponent.blend(LOWEST, exponent.lt(LOWEST));
            // As in exp2InRange.
            FloatVector shifted = exponent.add(ROUNDER);
            FloatVector r = exponent.sub(shifted.sub(ROUNDER));
            FloatVector square = r.mul(r);
            FloatVector power = square.lanewise(FMA, EXP_6, r.fma(EXP_5, EXP_4))
                    .lanewise(FMA, square, r.fma(EXP_3, EXP_2))
                    .lanewise(FMA, square, r.fma(EXP_1, 1f))
                    .reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(LSHL, 23))
                    .reinterpretAsFloats();
            x.div(power.add(1f)).intoArray(y, at);
        }
    }

    /** x + 0.044715 x³, of which {@link #GELU_NEW_FACTOR} times is the exponent of GELU's tanh form. */
    static FloatVector geluCubic(FloatVector x) {
        return x.mul(x).mul(x).lanewise(FMA, GELU_CUBE, x);
    }
}
