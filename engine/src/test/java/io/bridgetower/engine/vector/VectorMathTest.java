package io.bridgetower.engine.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.Scalar;
import io.bridgetower.engine.matmul.Activations;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

public class VectorMathTest {
    /** What x86 makes of ∞ − ∞; Java's own NaN has no sign. */
    public static final float NEGATIVE_NAN = Float.intBitsToFloat(0xffc00000);

    @Test
    void powersOfTwo() {
        assertUlps(VectorMathTest::powers, x -> Math.pow(2, x), -126, 0, 2);
    }

    @Test
    void smallerPowersNearlyVanish() {
        assertTrue(value(VectorMathTest::powers, -1e30f) < 1.3e-38f);
        assertTrue(value(VectorMathTest::powers, Float.NEGATIVE_INFINITY) < 1.3e-38f);
    }

    @Test
    void powersAreRelativeToTheMaximumAndSummed() {
        float[] y = new float[3 * Lanes.COUNT];
        for (int i = 0; i < y.length; i++) y[i] = 100 - i % 7;
        double sum = 0;
        for (float x : y) sum += Math.pow(2, x - 100);
        assertEquals(sum, VectorMath.powers(y, 0, y.length, 100), 1e-5 * sum);
        for (int i = 0; i < y.length; i++) assertEquals(Math.pow(2, -(i % 7)), y[i], 1e-7);
    }

    private static FloatVector powers(FloatVector x) {
        float[] y = x.toArray();
        VectorMath.powers(y, 0, y.length, 0);
        return FloatVector.fromArray(Lanes.F32, y, 0);
    }

    /** A number that went wrong must not come out as one that looks right. */
    @Test
    void whatIsNotANumberStaysSo() {
        for (float wrong : new float[] {Float.NaN, NEGATIVE_NAN}) {
            for (Activation activation : Activation.values()) {
                float[] y = new float[2 * Lanes.COUNT];
                y[1] = wrong;
                Activations.apply(activation, y, 0, Lanes.COUNT);
                assertTrue(Float.isNaN(y[1]), activation::toString);
                assertEquals(0f, y[0], activation::toString);
            }
        }
    }

    private static FloatVector tanh(FloatVector x) {
        float[] y = new float[2 * Lanes.COUNT];
        x.intoArray(y, 0);
        Activations.apply(Activation.TANH, y, 0, Lanes.COUNT);
        return FloatVector.fromArray(Lanes.F32, y, 0);
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
                float[] found = new float[2 * Lanes.COUNT];
                Arrays.fill(found, x);
                Activations.apply(activation, found, 0, Lanes.COUNT);
                double expected = Scalar.activate(activation, x);
                assertEquals(
                        expected,
                        found[i & Lanes.COUNT - 1],
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
        return function.apply(vector(x)).lane(Lanes.COUNT - 1);
    }

    private static FloatVector vector(float x) {
        return FloatVector.broadcast(Lanes.F32, x);
    }
}
