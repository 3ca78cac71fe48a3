package io.bridgetower.engine.matmul;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.runtime.Matrix;

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

    /** The same for a product of {@code count} of the rows, from {@code first} on. */
    Epilogue rows(int first, int count) {
        return residual == null ? this : new Epilogue(activation, residual.rows(first, count));
    }

    /**
     * Finishes a tile of a product and writes it.
     *
     * @param tile the tile's sums, from an index on; changed, and as many floats behind them
     * @param rows height of the tile
     * @param y receives the window from {@code row} and {@code column} on, {@code columns} wide
     */
    void apply(float[] tile, int at, int rows, Matrix y, int row, int column, int columns) {
        Activations.apply(activation, tile, at, at + rows * TileShape.PANEL);
        if (residual == null) TileRows.store(tile, at, rows, y, row, column, columns);
        else TileRows.storeSum(tile, at, rows, residual, y, row, column, columns);
    }
}
