package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * What is done to a matrix product while it is still in cache: {@code y = activation(x·Wᵀ + b) + residual}.
 *
 * @param activation applied to every element
 * @param residual added afterwards, of the product's shape; null for none
 */
public record Epilogue(Activation activation, Matrix residual) {
    /** Leaves the product as it is. */
    public static final Epilogue NONE = new Epilogue(Activation.NONE, null);

    /** An activation only. */
    public static Epilogue activation(Activation activation) {
        return activation == Activation.NONE ? NONE : new Epilogue(activation, null);
    }

    /** A residual only. */
    public static Epilogue residual(Matrix residual) {
        return new Epilogue(Activation.NONE, residual);
    }

    /**
     * Finishes a row of a tile.
     *
     * @param product the row's sums
     * @param start what the sums are added to: the bias, or the row itself where a longer sum goes on
     * @param y the row that is written, {@code count} floats
     * @param last whether the sums are complete
     */
    void apply(
            float[] product,
            int at,
            MemorySegment start,
            long startOffset,
            Matrix y,
            int row,
            int column,
            int count,
            boolean last) {
        long offset = y.rowOffset(row) + (long) column * Float.BYTES;
        Rows.sum(product, at, start, startOffset, y.segment(), offset, count);
        if (!last) return;
        activate(activation, y.segment(), offset, count);
        if (residual != null) {
            long from = residual.rowOffset(row) + (long) column * Float.BYTES;
            Rows.add(residual.segment(), from, y.segment(), offset, count);
        }
    }

    /** Replaces {@code count} floats by their activation. */
    static void activate(Activation activation, MemorySegment y, long offset, int count) {
        if (activation == Activation.NONE) return;
        int whole = Vectors.whole(count);
        for (int i = 0; i < whole; i += VectorWidth.LANES) {
            long at = offset + (long) i * Float.BYTES;
            Vectors.store(value(activation, Vectors.load(y, at)), y, at);
        }
        if (whole < count) {
            long at = offset + (long) whole * Float.BYTES;
            VectorMask<Float> tail = Vectors.tail(count);
            Vectors.store(value(activation, Vectors.load(y, at, tail)), y, at, tail);
        }
    }

    static FloatVector value(Activation activation, FloatVector x) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> x.max(0f);
            case GELU -> VectorMath.gelu(x);
            case GELU_NEW -> VectorMath.geluTanh(x);
            case SILU -> VectorMath.silu(x);
            case QUICK_GELU -> VectorMath.quickGelu(x);
            case TANH -> VectorMath.tanh(x);
        };
    }
}
