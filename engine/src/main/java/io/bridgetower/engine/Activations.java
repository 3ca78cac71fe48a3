package io.bridgetower.engine;

import jdk.incubator.vector.FloatVector;

/**
 * Applies an {@link Activation} to floats in place.
 *
 * <p>Every function has a loop and a method of its own: where a vector comes out of one of several branches, or passes
 * to a method that is not inlined, the compiler makes an object of it, which took a tenth of a forward's time.
 */
final class Activations {
    private Activations() {}

    /**
     * Replaces the floats between two indices a multiple of {@link VectorWidth#LANES} apart. As many floats behind them are
     * overwritten.
     */
    static void apply(Activation activation, float[] y, int from, int to) {
        switch (activation) {
            case NONE -> {}
            case RELU -> relu(y, from, to);
            case GELU -> VectorMath.gelu(y, from, to);
            case GELU_NEW -> geluNew(y, from, to);
            case SILU -> VectorMath.timesSigmoid(y, from, to, 0, VectorMath.SILU_FACTOR);
            case QUICK_GELU -> VectorMath.timesSigmoid(y, from, to, 0, VectorMath.QUICK_GELU_FACTOR);
            case TANH -> tanh(y, from, to);
        }
    }

    private static void relu(float[] y, int from, int to) {
        for (int at = from; at < to; at += VectorWidth.LANES) {
            VectorMath.relu(FloatVector.fromArray(VectorWidth.F32, y, at)).intoArray(y, at);
        }
    }

    // ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))) is x / (1 + e^(−2 √(2/π) (x + 0.044715 x³))).
    private static void geluNew(float[] y, int from, int to) {
        int behind = to - from;
        for (int at = from; at < to; at += VectorWidth.LANES) {
            VectorMath.geluCubic(FloatVector.fromArray(VectorWidth.F32, y, at)).intoArray(y, at + behind);
        }
        VectorMath.timesSigmoid(y, from, to, behind, VectorMath.GELU_NEW_FACTOR);
    }

    // In loops that pass values through the memory behind: in one, the power is not always inlined.
    private static void tanh(float[] y, int from, int to) {
        int behind = to - from;
        for (int at = from; at < to; at += VectorWidth.LANES) {
            VectorMath.tanhExponent(FloatVector.fromArray(VectorWidth.F32, y, at))
                    .intoArray(y, at + behind);
        }
        VectorMath.powers(y, to, to + behind, 0);
        for (int at = from; at < to; at += VectorWidth.LANES) {
            FloatVector power = FloatVector.fromArray(VectorWidth.F32, y, at + behind);
            VectorMath.tanh(FloatVector.fromArray(VectorWidth.F32, y, at), power)
                    .intoArray(y, at);
        }
    }
}
