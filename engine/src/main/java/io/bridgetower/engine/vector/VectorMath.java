package io.bridgetower.engine.vector;

import static io.bridgetower.engine.vector.Lanes.F32;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.UMIN;

import jdk.incubator.vector.FloatVector;

/**
 * Elementary functions on vectors, within about 2 units in the last place of the exact value, and activations, which are
 * as close relative to the larger of 1 and |x|.
 *
 * <p>Polynomials are minimax fits over the interval named beside them; their own error is below 5e-9, so what remains is
 * the rounding of single precision. Four things make them fast:
 *
 * <ul>
 *   <li>Coefficients are floats, which are broadcast once before a loop. Vectors held as constants would be loaded again in
 *       every round, as they might lie in the array that the loop writes to.
 *   <li>Bounds are minima of integers, one instruction: floats of one sign are in the order of their bits. A minimum of
 *       floats orders zeros and NaNs as Java does, in six, and to compare and blend takes two, through a mask register, which
 *       made an exponential take a third longer on a processor that multiplies and adds two vectors of 512 bits a cycle.
 *   <li>Long polynomials are split into parts that do not wait for each other (Estrin's scheme).
 *   <li>Everything is a power of two.
 * </ul>
 *
 * <p>Each function is a loop that calls nothing of ours: see {@link Vectors}.
 */
public final class VectorMath {
    /** log₂ e: a score times this is an exponent of two. */
    public static final float LOG2_E = 1.44269504f;

    /** 1.5 · 2²³: adding it rounds a small float to an integer, held in the low bits of the sum. */
    private static final float ROUNDER = 12582912f;

    /** Powers of two whose exponents are beyond these are not normal floats: bits of −126 and 127. */
    private static final int LOWEST_BITS = Float.floatToRawIntBits(-126f), HIGHEST_BITS = Float.floatToRawIntBits(127f);

    /** 2ʳ on |r| ≤ ½; the last coefficient is 1. */
    private static final float EXP_6 = 0.00015353362f,
            EXP_5 = 0.0013398875f,
            EXP_4 = 0.009618437f,
            EXP_3 = 0.055503324f,
            EXP_2 = 0.24022648f,
            EXP_1 = 0.6931472f;

    /** What {@link #powers} reads: the same, the rounder, and the greatest exponent without its sign. */
    private static final float[] EXP = {1f, EXP_1, EXP_2, EXP_3, EXP_4, EXP_5, EXP_6, ROUNDER, 126f};

    /** (tanh x / x − 1) / x² by powers of x² on x² ≤ 0.39. */
    private static final float TANH_4 = -0.00569351853f,
            TANH_3 = 0.0206304107f,
            TANH_2 = -0.053737613f,
            TANH_1 = 0.133314248f,
            TANH_0 = -0.333332816f;

    private static final float TANH_SMALL = 0.625f;

    /** log₂ Φ(−t), Φ being the normal distribution, on 0 ≤ t ≤ 5.7, weighted by the error of t · Φ(−t). */
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

    /** Bits of 5.7; Φ(−5.7) is 6e-9. */
    private static final int PHI_END_BITS = Float.floatToRawIntBits(5.7f);

    private static final float GELU_CUBE = 0.044715f;

    /** −log₂ e and −1.702 log₂ e. */
    public static final float SILU_FACTOR = -LOG2_E, QUICK_GELU_FACTOR = -1.702f * LOG2_E;

    /** −2 √(2/π) log₂ e. */
    private static final float GELU_NEW_FACTOR = -2 * 0.797884561f * LOG2_E;

    private VectorMath() {}

    /**
     * Replaces each y between two indices by 2^(y − maximum), which is at most 1 and, instead of smaller than normal floats,
     * about 1e-38, and returns their sum. If the maximum is infinite or no number, the sum is no number.
     *
     * <p>C2 does not know what is in the array of coefficients: those that it knew, it broadcast anew in every round, since
     * this is part of a longer loop, a seventh slower.
     *
     * @param maximum not less than any y that is a number
     */
    public static float powers(float[] y, int from, int to, float maximum) {
        float[] e = EXP;
        FloatVector e0 = FloatVector.broadcast(F32, e[0]);
        FloatVector e1 = FloatVector.broadcast(F32, e[1]);
        FloatVector e2 = FloatVector.broadcast(F32, e[2]);
        FloatVector e3 = FloatVector.broadcast(F32, e[3]);
        FloatVector e4 = FloatVector.broadcast(F32, e[4]);
        FloatVector e5 = FloatVector.broadcast(F32, e[5]);
        FloatVector e6 = FloatVector.broadcast(F32, e[6]);
        FloatVector rounder = FloatVector.broadcast(F32, e[7]);
        FloatVector most = FloatVector.broadcast(F32, e[8]);
        FloatVector greatest = FloatVector.broadcast(F32, maximum);
        FloatVector sum = FloatVector.zero(F32);
        for (int at = from; at < to; at += Lanes.COUNT) {
            FloatVector exponent = greatest.sub(fromArray(F32, y, at))
                    .reinterpretAsInts()
                    .min(most.reinterpretAsInts())
                    .reinterpretAsFloats();
            FloatVector shifted = rounder.sub(exponent);
            FloatVector r = rounder.sub(shifted).sub(exponent);
            FloatVector square = r.mul(r);
            FloatVector power = square.fma(e6, r.fma(e5, e4))
                    .fma(square, r.fma(e3, e2))
                    .fma(square, r.fma(e1, e0))
                    .reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(LSHL, 23))
                    .reinterpretAsFloats();
            power.intoArray(y, at);
            sum = power.add(sum);
        }
        sum = FloatVector.zero(F32).add(sum);
        // As Vectors.sum, which may not be inlined.
        if (Lanes.COUNT == 16) sum = sum.add(sum.rearrange(Vectors.BY_8));
        if (Lanes.COUNT >= 8) sum = sum.add(sum.rearrange(Vectors.BY_4));
        sum = sum.add(sum.rearrange(Vectors.BY_2));
        sum = sum.add(sum.rearrange(Vectors.BY_1));
        return sum.lane(0) + (maximum - maximum);
    }

    /** Replaces each x between two indices by its hyperbolic tangent; as many floats behind them are overwritten. */
    public static void tanh(float[] y, int from, int to) {
        int behind = to - from;
        for (int at = from; at < to; at += Lanes.COUNT) {
            FloatVector x = fromArray(F32, y, at);
            x.abs().mul(-2 * LOG2_E).intoArray(y, at + behind);
        }
        powers(y, to, to + behind, 0);
        for (int at = from; at < to; at += Lanes.COUNT) {
            FloatVector x = fromArray(F32, y, at);
            FloatVector power = fromArray(F32, y, at + behind);
            // (1 − e⁻²ˣ) / (1 + e⁻²ˣ), which loses precision near zero.
            FloatVector one = FloatVector.broadcast(F32, 1f);
            FloatVector large = one.sub(power)
                    .div(one.add(power))
                    .reinterpretAsInts()
                    .or(x.reinterpretAsInts().and(Integer.MIN_VALUE))
                    .reinterpretAsFloats();
            FloatVector z = x.mul(x);
            FloatVector p = z.fma(TANH_4, TANH_3)
                    .lanewise(FMA, z, TANH_2)
                    .lanewise(FMA, z, TANH_1)
                    .lanewise(FMA, z, TANH_0);
            FloatVector small = p.mul(z).fma(x, x);
            small.blend(large, x.abs().compare(GE, TANH_SMALL)).intoArray(y, at);
        }
    }

    /** Replaces each x between two indices by the greater of x and 0. */
    public static void relu(float[] y, int from, int to) {
        for (int at = from; at < to; at += Lanes.COUNT) {
            FloatVector x = fromArray(F32, y, at);
            x.blend(0f, x.lt(0f)).intoArray(y, at);
        }
    }

    /** Replaces each x between two indices by x · Φ(x), which is max(x, 0) − |x| · Φ(−|x|). */
    public static void gelu(float[] y, int from, int to) {
        for (int at = from; at < to; at += Lanes.COUNT) {
            FloatVector x = fromArray(F32, y, at);
            FloatVector t = x.abs();
            t = t.reinterpretAsInts().min(PHI_END_BITS).reinterpretAsFloats();
            FloatVector square = t.mul(t), fourth = square.mul(square);
            FloatVector log = t.fma(PHI_9, PHI_8)
                    .lanewise(FMA, fourth, t.fma(PHI_7, PHI_6).lanewise(FMA, square, t.fma(PHI_5, PHI_4)))
                    .lanewise(FMA, fourth, t.fma(PHI_3, PHI_2).lanewise(FMA, square, t.fma(PHI_1, PHI_0)));
            // As in powers, but for the sign.
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
     * @param behind how far behind its x each z lies
     */
    public static void timesSigmoid(float[] y, int from, int to, int behind, float factor) {
        for (int at = from; at < to; at += Lanes.COUNT) {
            FloatVector x = fromArray(F32, y, at);
            FloatVector exponent = fromArray(F32, y, at + behind).mul(factor);
            exponent = exponent.reinterpretAsInts()
                    .min(HIGHEST_BITS)
                    .lanewise(UMIN, LOWEST_BITS)
                    .reinterpretAsFloats();
            // As in powers, but for the sign.
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

    /** Replaces each x between two indices by GELU's tanh form; as many floats behind them are overwritten. */
    public static void geluNew(float[] y, int from, int to) {
        // ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))) is x / (1 + e^(−2 √(2/π) (x + 0.044715 x³))).
        int behind = to - from;
        for (int at = from; at < to; at += Lanes.COUNT) {
            FloatVector x = fromArray(F32, y, at);
            x.mul(x).mul(x).lanewise(FMA, GELU_CUBE, x).intoArray(y, at + behind);
        }
        timesSigmoid(y, from, to, behind, GELU_NEW_FACTOR);
    }
}
