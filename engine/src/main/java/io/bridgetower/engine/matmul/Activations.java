package io.bridgetower.engine.matmul;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.VectorWidth;
import io.bridgetower.engine.vector.VectorMath;

/** Applies an {@link Activation} to floats in place. */
public final class Activations {
    private Activations() {}

    /**
     * Replaces the floats between two indices a multiple of {@link VectorWidth#LANES} apart. As many floats behind them are
     * overwritten.
     */
    public static void apply(Activation activation, float[] y, int from, int to) {
        switch (activation) {
            case NONE -> {}
            case RELU -> VectorMath.relu(y, from, to);
            case GELU -> VectorMath.gelu(y, from, to);
            case GELU_NEW -> VectorMath.geluNew(y, from, to);
            case SILU -> VectorMath.timesSigmoid(y, from, to, 0, VectorMath.SILU_FACTOR);
            case QUICK_GELU -> VectorMath.timesSigmoid(y, from, to, 0, VectorMath.QUICK_GELU_FACTOR);
            case TANH -> VectorMath.tanh(y, from, to);
        }
    }
}
