package io.bridgetower.model.layers;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.TensorArena;
import io.bridgetower.engine.kernel.BicubicGrid;

/**
 * Position embeddings of a grid of patches, resized where an image has another grid than the model was made for, as
 * {@link BicubicGrid} does.
 */
final class PatchPositions {
    private final Tensor table;
    private final int side;

    private record Resized(int height, int width, Tensor positions) {}

    /** The grid of the last call, since images of one size come in rows. */
    private volatile Resized last;

    /** @param table [1 + side², hidden], the class token's first */
    PatchPositions(Tensor table, int side) {
        this.table = table;
        this.side = side;
    }

    /**
     * Embeddings of a grid's patches, [height · width, hidden], without the class token's. Those of a resized grid own
     * their memory, which other calls may be reading too: it is left to the garbage collector.
     */
    public Tensor of(int height, int width) {
        if (height == side && width == side) return table.slice(1, side * side);
        Resized resized = last;
        if (resized == null || resized.height() != height || resized.width() != width) {
            resized = new Resized(height, width, resize(height, width));
            last = resized;
        }
        return resized.positions();
    }

    private Tensor resize(int height, int width) {
        int hidden = table.dim(1);
        float[] from = table.slice(1, side * side).toArray();
        float[] to = BicubicGrid.resize(from, side, hidden, height, width);
        return Tensor.copyOf(new TensorArena(), to, height * width, hidden);
    }
}
