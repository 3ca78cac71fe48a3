package io.bridgetower.model.layers;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.TensorArena;
import java.util.Arrays;

/**
 * Position embeddings of a grid of patches, resized where an image has another grid than the model was made for, as
 * torch's {@code interpolate(mode="bicubic", align_corners=False)} does: cubic convolution with a = −0.75, half-pixel
 * centres, border rows repeated, no antialiasing.
 */
final class PatchPositions {
    private static final double A = -0.75;

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
        float[] to = new float[Math.multiplyExact(height * width, hidden)];
        double[] sums = new double[hidden];
        for (int y = 0; y < height; y++) {
            double sourceY = (y + 0.5) * side / height - 0.5;
            for (int x = 0; x < width; x++) {
                double sourceX = (x + 0.5) * side / width - 0.5;
                Arrays.fill(sums, 0);
                for (int i = -1; i <= 2; i++) {
                    int row = (int) Math.floor(sourceY) + i;
                    for (int j = -1; j <= 2; j++) {
                        int column = (int) Math.floor(sourceX) + j;
                        double weight = cubic(sourceY - row) * cubic(sourceX - column);
                        int at = (Math.clamp(row, 0, side - 1) * side + Math.clamp(column, 0, side - 1)) * hidden;
                        for (int h = 0; h < hidden; h++) sums[h] += weight * from[at + h];
                    }
                }
                int at = (y * width + x) * hidden;
                for (int h = 0; h < hidden; h++) to[at + h] = (float) sums[h];
            }
        }
        return Tensor.copyOf(new TensorArena(), to, height * width, hidden);
    }

    private static double cubic(double distance) {
        double d = Math.abs(distance);
        if (d <= 1) return ((A + 2) * d - (A + 3)) * d * d + 1;
        if (d < 2) return ((d - 5) * d + 8) * d * A - 4 * A;
        return 0;
    }
}
