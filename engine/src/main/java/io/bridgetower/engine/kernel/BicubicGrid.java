package io.bridgetower.engine.kernel;

import java.util.Arrays;

/**
 * Resizes a grid of vectors as torch's {@code interpolate(mode="bicubic", align_corners=False)} does: cubic convolution with
 * a = −0.75, half-pixel centres, border rows repeated, no antialiasing. In 64 bits, rounded to 32 at the end.
 */
public final class BicubicGrid {
    private static final double A = -0.75;

    private BicubicGrid() {}

    /**
     * A grid of another size.
     *
     * @param from [side, side, width]
     * @return [height, width of the grid, width]
     */
    public static float[] resize(float[] from, int side, int width, int toHeight, int toWidth) {
        float[] to = new float[Math.multiplyExact(Math.multiplyExact(toHeight, toWidth), width)];
        double[] sums = new double[width];
        for (int y = 0; y < toHeight; y++) {
            double sourceY = (y + 0.5) * side / toHeight - 0.5;
            for (int x = 0; x < toWidth; x++) {
                double sourceX = (x + 0.5) * side / toWidth - 0.5;
                Arrays.fill(sums, 0);
                for (int i = -1; i <= 2; i++) {
                    int row = (int) Math.floor(sourceY) + i;
                    for (int j = -1; j <= 2; j++) {
                        int column = (int) Math.floor(sourceX) + j;
                        double weight = cubic(sourceY - row) * cubic(sourceX - column);
                        int at = (Math.clamp(row, 0, side - 1) * side + Math.clamp(column, 0, side - 1)) * width;
                        for (int k = 0; k < width; k++) sums[k] += weight * from[at + k];
                    }
                }
                int at = (y * toWidth + x) * width;
                for (int k = 0; k < width; k++) to[at + k] = (float) sums[k];
            }
        }
        return to;
    }

    private static double cubic(double distance) {
        double d = Math.abs(distance);
        if (d <= 1) return ((A + 2) * d - (A + 3)) * d * d + 1;
        if (d < 2) return ((d - 5) * d + 8) * d * A - 4 * A;
        return 0;
    }
}
