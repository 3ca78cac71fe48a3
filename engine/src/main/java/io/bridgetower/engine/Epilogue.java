package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;

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
        Activations.apply(activation, y.segment(), offset, count);
        if (residual != null) {
            long from = residual.rowOffset(row) + (long) column * Float.BYTES;
            Rows.add(residual.segment(), from, y.segment(), offset, count);
        }
    }
}
