package io.bridgetower.processor.image;

import java.util.Locale;

/** The size of an image on its way through the pipeline. */
record TargetSize(int width, int height) {
    /** The longer side may be this many times the shorter one. */
    private static final double LARGEST_RATIO = 1333.0 / 800;

    /**
     * The shorter side becomes {@code shortest}, unless the longer one would pass its bound: then that one becomes the
     * bound. Halves are rounded up, and what is left over by {@code divisor} is dropped.
     *
     * @throws IllegalArgumentException if nothing is left of a side
     */
    public static TargetSize of(int width, int height, int shortest, int divisor) {
        int longest = (int) (LARGEST_RATIO * shortest);
        double scale = (double) shortest / Math.min(width, height);
        double scaledHeight = height < width ? shortest : scale * height;
        double scaledWidth = height < width ? scale * width : shortest;
        double longer = Math.max(scaledHeight, scaledWidth);
        if (longer > longest) {
            double shrink = longest / longer;
            scaledHeight *= shrink;
            scaledWidth *= shrink;
        }
        int targetHeight = (int) (scaledHeight + 0.5) / divisor * divisor;
        int targetWidth = (int) (scaledWidth + 0.5) / divisor * divisor;
        if (targetHeight == 0 || targetWidth == 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "height and width must be > 0: %d x %d pixels (width x height) become %d x %d, size %d, divisor %d",
                    width,
                    height,
                    targetWidth,
                    targetHeight,
                    shortest,
                    divisor));
        }
        return new TargetSize(targetWidth, targetHeight);
    }
}
