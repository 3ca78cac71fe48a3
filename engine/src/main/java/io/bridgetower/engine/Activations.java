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
            case SILU -> silu(y, from, to);
            case QUICK_GELU -> quickGelu(y, from, to);
            case TANH -> tanh(y, from, to);
        }
    }

    private static void relu(float[] y, int from, int to) {
        for (int at = from; at < to; at += VectorWidth.LANES) {
            VectorMath.relu(FloatVector.fromArray(VectorWidth.F32, y, at)).intoArray(y, at);
        }
    }

    private static void geluNew(float[] y, int from, int to) {
        for (int at = from; at < to; at += VectorWidth.LANES) {
            VectorMath.geluNew(FloatVector.fromArray(VectorWidth.F32, y, at)).intoArray(y, at);
        }
    }

    private static void silu(float[] y, int from, int to) {
        for (int at = from; at < to; at += VectorWidth.LANES) {
            VectorMath.silu(FloatVector.fromArray(VectorWidth.F32, y, at)).intoArray(y, at);
        }
    }

    private static void quickGelu(float[] y, int from, int to) {
        for (int at = from; at < to; at += VectorWidth.LANES) {
            VectorMath.quickGelu(FloatVector.fromArray(VectorWidth.F32, y, at)).intoArray(y, at);
        }
    }

    // In two loops, which pass values through the memory behind: in one, the power is not always inlined.
    private static void tanh(float[] y, int from, int to) {
        int behind = to - from;
        for (int at = from; at < to; at += VectorWidth.LANES) {
            VectorMath.tanhPower(FloatVector.fromArray(VectorWidth.F32, y, at)).intoArray(y, at + behind);
        }
        for (int at = from; at < to; at += VectorWidth.LANES) {
            FloatVector power = FloatVector.fromArray(VectorWidth.F32, y, at + behind);
            VectorMath.tanh(FloatVector.fromArray(VectorWidth.F32, y, at), power)
                    .intoArray(y, at);
        }
    }
}
