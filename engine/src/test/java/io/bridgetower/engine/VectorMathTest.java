package io.bridgetower.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorMathTest {
    @Test
    void powersOfTwo() {
        assertUlps(VectorMath::exp2, x -> Math.pow(2, x), -126, 127, 2);
    }

    @Test
    void smallerPowersNearlyVanish() {
        assertTrue(value(VectorMath::exp2, -1e30f) < 1.3e-38f);
        assertTrue(value(VectorMath::exp2, Float.NEGATIVE_INFINITY) < 1.3e-38f);
    }

    /** A number that went wrong must not come out as one that looks right. */
    @Test
    void whatIsNotANumberStaysSo() {
        assertTrue(Float.isNaN(value(VectorMath::exp2, Float.NaN)));
        assertTrue(Float.isNaN(value(VectorMath::exp2, Float.intBitsToFloat(0xffc00000))), "NaN with a sign");
        assertTrue(Float.isNaN(value(VectorMathTest::tanh, Float.NaN)));
        for (Activation activation : Activation.values()) {
            float[] y = new float[2 * VectorWidth.LANES];
            y[1] = Float.NaN;
            Activations.apply(activation, y, 0, VectorWidth.LANES);
            assertTrue(Float.isNaN(y[1]), activation::toString);
            assertEquals(0f, y[0], activation::toString);
        }
    }

    private static FloatVector tanh(FloatVector x) {
        return VectorMath.tanh(x, VectorMath.tanhPower(x));
    }

    @Test
    void tanh() {
        assertUlps(VectorMathTest::tanh, Math::tanh, -20, 20, 3);
        assertEquals(1f, value(VectorMathTest::tanh, 1e30f));
        assertEquals(-1f, value(VectorMathTest::tanh, -1e30f));
    }

    /** Relative to the larger of 1 and |x|: for negative x the functions vanish and 1 + erf(x) loses its digits. */
    @Test
    void activations() {
        for (Activation activation : Activation.values()) {
            for (int i = -200_000; i <= 200_000; i++) {
                float x = i * 1e-4f;
                float[] found = new float[2 * VectorWidth.LANES];
                Arrays.fill(found, x);
                Activations.apply(activation, found, 0, VectorWidth.LANES);
                double expected = Scalar.activate(activation, x);
                assertEquals(
                        expected,
                        found[i & VectorWidth.LANES - 1],
                        3e-7 * Math.max(1, Math.abs(x)),
                        () -> activation + "(" + x + ")");
            }
        }
    }

    private static void assertUlps(
            UnaryOperator<FloatVector> function, DoubleUnaryOperator exact, double from, double to, double allowed) {
        int steps = 400_000;
        for (int i = 0; i <= steps; i++) {
            float x = (float) (from + (to - from) * i / steps);
            double expected = exact.applyAsDouble(x);
            double ulps = Math.abs(expected - value(function, x)) / Math.ulp((float) expected);
            assertTrue(ulps <= allowed, () -> "at " + x + ": " + ulps + " ulp");
        }
    }

    private static float value(UnaryOperator<FloatVector> function, float x) {
        return function.apply(vector(x)).lane(VectorWidth.LANES - 1);
    }

    private static FloatVector vector(float x) {
        return FloatVector.broadcast(VectorWidth.F32, x);
    }
}
