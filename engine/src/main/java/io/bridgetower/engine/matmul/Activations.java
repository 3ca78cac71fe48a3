package io.bridgetower.engine.matmul;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.vector.Lanes;
import io.bridgetower.engine.vector.VectorMath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Applies an {@link Activation} to floats in place. */
public final class Activations {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private Activations() {}

    /** Replaces every element of a matrix. */
    public static void apply(Workspace workspace, Activation activation, Matrix y) {
        int padded = Math.ceilDiv(y.columns(), Lanes.COUNT) * Lanes.COUNT;
        float[][] scratch = workspace.arrays(workspace.workers().threads(), 2 * padded);
        workspace.workers().run(y.rows(), (slot, row) -> {
            float[] values = scratch[slot];
            MemorySegment.copy(y.segment(), FLOAT, y.rowOffset(row), values, 0, y.columns());
            apply(activation, values, 0, padded);
            MemorySegment.copy(values, 0, y.segment(), FLOAT, y.rowOffset(row), y.columns());
        });
    }

    /**
     * Replaces the floats between two indices a multiple of {@link Lanes#COUNT} apart. As many floats behind them are
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
