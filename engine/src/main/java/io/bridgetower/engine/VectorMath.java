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
    /** 1.5 · 2²³: adding it rounds a small float to an integer, held in the low bits of the sum. */
    private static final float ROUNDER = 12582912f;

    private static final float LOG2_E = 1.44269504f;
    /** ln 2 in two parts; the first has few bits, so its multiples are exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float SQRT_HALF = 0.707106781f;
    private static final float SQRT_2_OVER_PI = 0.797884561f;

    private VectorMath() {}

    /** eˣ; below −87 about 1e-38 and above 88 about 1.6e38 instead of zero and infinity. */
    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.max(-87.33f).min(88.37f);
        FloatVector shifted = clamped.fma(Vectors.broadcast(LOG2_E), Vectors.broadcast(ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(Vectors.broadcast(-LN2_HIGH), clamped);
        r = n.fma(Vectors.broadcast(-LN2_LOW), r);
        // (eʳ − 1 − r) / r² on |r| ≤ ½ ln 2.
        FloatVector p = Vectors.broadcast(0.00138144668f)
                .fma(r, Vectors.broadcast(0.00836878042f))
                .fma(r, Vectors.broadcast(0.0416683942f))
                .fma(r, Vectors.broadcast(0.166665201f))
                .fma(r, Vectors.broadcast(0.499999934f));
        p = p.fma(r.mul(r), r).add(1f);
        return p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
    }

    /** 1 / (1 + e⁻ˣ). */
    static FloatVector sigmoid(FloatVector x) {
        return Vectors.broadcast(1f).div(exp(x.neg()).add(1f));
    }

    /** The hyperbolic tangent. */
    static FloatVector tanh(FloatVector x) {
        FloatVector magnitude = x.abs();
        // 1 − 2 / (e²ˣ + 1), which loses precision near zero.
        FloatVector large = Vectors.broadcast(1f)
                .sub(Vectors.broadcast(2f).div(exp(magnitude.add(magnitude)).add(1f)));
        // (tanh x / x − 1) / x² on x² ≤ 0.39.
        FloatVector z = x.mul(x);
        FloatVector p = Vectors.broadcast(-0.00569351853f)
                .fma(z, Vectors.broadcast(0.0206304107f))
                .fma(z, Vectors.broadcast(-0.053737613f))
                .fma(z, Vectors.broadcast(0.133314248f))
                .fma(z, Vectors.broadcast(-0.333332816f));
        FloatVector small = p.mul(z).fma(x, x);
        return withSign(large, x).blend(small, magnitude.lt(0.625f));
    }

    /** The error function. */
    static FloatVector erf(FloatVector x) {
        FloatVector magnitude = x.abs().min(4f);
        // ln erfc(t) on 0.98 ≤ t ≤ 4.
        FloatVector q = Vectors.broadcast(0.000188822706f)
                .fma(magnitude, Vectors.broadcast(-0.00297243348f))
                .fma(magnitude, Vectors.broadcast(0.0219403978f))
                .fma(magnitude, Vectors.broadcast(-0.103327283f))
                .fma(magnitude, Vectors.broadcast(-0.637883157f))
                .fma(magnitude, Vectors.broadcast(-1.12725141f))
                .fma(magnitude, Vectors.broadcast(-0.000300438272f));
        FloatVector large = Vectors.broadcast(1f).sub(exp(q));
        // erf(x) / x on x² ≤ 1.
        FloatVector z = x.mul(x);
        FloatVector p = Vectors.broadcast(7.85386113e-05f)
                .fma(z, Vectors.broadcast(-0.000801019356f))
                .fma(z, Vectors.broadcast(0.00518832768f))
                .fma(z, Vectors.broadcast(-0.0268538119f))
                .fma(z, Vectors.broadcast(0.112835851f))
                .fma(z, Vectors.broadcast(-0.376126258f))
                .fma(z, Vectors.broadcast(1.12837917f));
        return withSign(large, x).blend(p.mul(x), magnitude.lt(1f));
    }

    static FloatVector gelu(FloatVector x) {
        return x.mul(0.5f).mul(erf(x.mul(SQRT_HALF)).add(1f));
    }

    static FloatVector geluTanh(FloatVector x) {
        FloatVector inner = x.mul(x).mul(x).fma(Vectors.broadcast(0.044715f), x).mul(SQRT_2_OVER_PI);
        return x.mul(0.5f).mul(tanh(inner).add(1f));
    }

    static FloatVector silu(FloatVector x) {
        return x.div(exp(x.neg()).add(1f));
    }

    static FloatVector quickGelu(FloatVector x) {
        return x.div(exp(x.mul(-1.702f)).add(1f));
    }

    private static FloatVector withSign(FloatVector magnitude, FloatVector sign) {
        return magnitude
                .reinterpretAsInts()
                .or(sign.reinterpretAsInts().and(0x80000000))
                .reinterpretAsFloats();
    }
}
