package io.bridgetower.engine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Elementary functions on vectors, within about 2 units in the last place of the exact value.
 *
 * <p>Polynomials are minimax fits over the interval named beside them; their own error is below 4e-9, so what remains is
 * the rounding of single precision.
 */
final class VectorMath {
    // Coefficients are vectors, not floats to broadcast: the compiler stops inlining small methods such as a broadcast
    // of
    // our own in a method that has grown large, and then makes an object of every vector that passes between the two.

    /** 1.5 · 2²³: adding it rounds a small float to an integer, held in the low bits of the sum. */
    private static final FloatVector ROUNDER = vector(12582912f);

    private static final FloatVector LOG2_E = vector(1.44269504f);
    /** −ln 2 in two parts; the first has few bits, so its multiples are exact. */
    private static final FloatVector MINUS_LN2_HIGH = vector(-0.693359375f);

    private static final FloatVector MINUS_LN2_LOW = vector(2.12194440e-4f);
    private static final FloatVector ONE = vector(1f);
    private static final FloatVector TWO = vector(2f);
    private static final float SQRT_2_OVER_PI = 0.797884561f;
    private static final FloatVector GELU_CUBE = vector(0.044715f);

    /** (eʳ − 1 − r) / r² on |r| ≤ ½ ln 2, highest power first. */
    private static final FloatVector EXP_4 = vector(0.00138144668f),
            EXP_3 = vector(0.00836878042f),
            EXP_2 = vector(0.0416683942f),
            EXP_1 = vector(0.166665201f),
            EXP_0 = vector(0.499999934f);

    /** (tanh x / x − 1) / x² by powers of x² on x² ≤ 0.39. */
    private static final FloatVector TANH_4 = vector(-0.00569351853f),
            TANH_3 = vector(0.0206304107f),
            TANH_2 = vector(-0.053737613f),
            TANH_1 = vector(0.133314248f),
            TANH_0 = vector(-0.333332816f);

    /** ln erfc(t) on 0.98 ≤ t ≤ 4. */
    private static final FloatVector ERFC_6 = vector(0.000188822706f),
            ERFC_5 = vector(-0.00297243348f),
            ERFC_4 = vector(0.0219403978f),
            ERFC_3 = vector(-0.103327283f),
            ERFC_2 = vector(-0.637883157f),
            ERFC_1 = vector(-1.12725141f),
            ERFC_0 = vector(-0.000300438272f);

    /** erf(x) / x by powers of x² on x² ≤ 1. */
    private static final FloatVector ERF_6 = vector(7.85386113e-05f),
            ERF_5 = vector(-0.000801019356f),
            ERF_4 = vector(0.00518832768f),
            ERF_3 = vector(-0.0268538119f),
            ERF_2 = vector(0.112835851f),
            ERF_1 = vector(-0.376126258f),
            ERF_0 = vector(1.12837917f);

    private VectorMath() {}

    /** eˣ; below −87 about 1e-38 and above 88 about 1.6e38 instead of zero and infinity. */
    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.max(-87.33f).min(88.37f);
        FloatVector shifted = clamped.fma(LOG2_E, ROUNDER);
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, clamped));
        FloatVector p = EXP_4.fma(r, EXP_3).fma(r, EXP_2).fma(r, EXP_1).fma(r, EXP_0);
        p = p.fma(r.mul(r), r).add(ONE);
        return p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
    }

    /** 1 / (1 + e⁻ˣ). */
    static FloatVector sigmoid(FloatVector x) {
        return ONE.div(exp(x.neg()).add(ONE));
    }

    /** The hyperbolic tangent. */
    static FloatVector tanh(FloatVector x) {
        FloatVector magnitude = x.abs();
        // 1 − 2 / (e²ˣ + 1), which loses precision near zero.
        FloatVector large = ONE.sub(TWO.div(exp(magnitude.add(magnitude)).add(ONE)));
        FloatVector z = x.mul(x);
        FloatVector p = TANH_4.fma(z, TANH_3).fma(z, TANH_2).fma(z, TANH_1).fma(z, TANH_0);
        FloatVector small = p.mul(z).fma(x, x);
        return large.reinterpretAsInts()
                .or(x.reinterpretAsInts().and(0x80000000))
                .reinterpretAsFloats()
                .blend(small, magnitude.lt(0.625f));
    }

    /** The error function. */
    static FloatVector erf(FloatVector x) {
        return erf(x, exp(logErfc(x)));
    }

    /** The logarithm of 1 − |erf x|, where |x| is at least 1. */
    static FloatVector logErfc(FloatVector x) {
        FloatVector t = x.abs().min(4f);
        return ERFC_6.fma(t, ERFC_5)
                .fma(t, ERFC_4)
                .fma(t, ERFC_3)
                .fma(t, ERFC_2)
                .fma(t, ERFC_1)
                .fma(t, ERFC_0);
    }

    /** The error function, given the exponential of {@link #logErfc}. */
    static FloatVector erf(FloatVector x, FloatVector erfc) {
        FloatVector z = x.mul(x);
        FloatVector p = ERF_6.fma(z, ERF_5)
                .fma(z, ERF_4)
                .fma(z, ERF_3)
                .fma(z, ERF_2)
                .fma(z, ERF_1)
                .fma(z, ERF_0);
        return ONE.sub(erfc)
                .reinterpretAsInts()
                .or(x.reinterpretAsInts().and(0x80000000))
                .reinterpretAsFloats()
                .blend(p.mul(x), x.abs().lt(1f));
    }

    static FloatVector relu(FloatVector x) {
        return x.max(0f);
    }

    /** √(2/π) (x + 0.044715 x³), whose tanh stands for erf(x / √2) in {@link Activation#GELU_NEW}. */
    static FloatVector geluCubic(FloatVector x) {
        return x.mul(x).mul(x).fma(GELU_CUBE, x).mul(SQRT_2_OVER_PI);
    }

    static FloatVector silu(FloatVector x) {
        return x.div(exp(x.neg()).add(ONE));
    }

    static FloatVector quickGelu(FloatVector x) {
        return x.div(exp(x.mul(-1.702f)).add(ONE));
    }

    private static FloatVector vector(float value) {
        return FloatVector.broadcast(VectorWidth.F32, value);
    }
}
