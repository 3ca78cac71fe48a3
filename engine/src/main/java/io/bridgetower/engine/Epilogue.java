package io.bridgetower.engine;

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
     * Finishes a tile of a product, or of a part of its sum, and writes it.
     *
     * @param tile the tile's sums from {@code at} on; changed, and as many floats behind them
     * @param rows height of the tile
     * @param y receives the window from {@code row} and {@code column} on, {@code columns} wide
     * @param first whether no earlier part of the sum is in {@code y}
     * @param last whether no later part will come
     */
    void apply(
            float[] tile, int at, int rows, Matrix y, int row, int column, int columns, boolean first, boolean last) {
        Matrix addend;
        if (activation == Activation.NONE) {
            addend = first ? residual : y;
        } else if (!last) {
            addend = first ? null : y;
        } else {
            if (!first) TileRows.add(y, row, column, columns, tile, at, rows);
            Activations.apply(activation, tile, at, at + rows * TileShape.PANEL);
            addend = residual;
        }
        if (addend == null) TileRows.store(tile, at, rows, y, row, column, columns);
        else TileRows.storeSum(tile, at, rows, addend, y, row, column, columns);
    }
}
