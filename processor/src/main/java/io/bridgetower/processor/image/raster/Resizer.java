package io.bridgetower.processor.image.raster;

/**
 * Resizes interleaved RGB bytes to the same bytes as Pillow's {@code Image.resize}: a horizontal pass, rounded to
 * bytes, then a vertical one. An axis whose size does not change is not filtered.
 */
public final class Resizer {
    public static final int CHANNELS = 3;

    private Resizer() {}

    /** The image at another size; the image itself if it has that size already. Both sides must be positive. */
    public static RgbImage resize(RgbImage image, int width, int height, Resampling filter) {
        if (width == image.width() && height == image.height()) return image;
        if (filter == Resampling.NEAREST) return nearest(image, width, height);
        byte[] pixels = image.pixels();
        if (width != image.width()) {
            ResampleWeights columns = ResampleWeights.of(image.width(), width, filter);
            pixels = ResampleKernel.horizontal(pixels, image.width(), image.height(), columns);
        }
        if (height != image.height()) {
            ResampleWeights rows = ResampleWeights.of(image.height(), height, filter);
            pixels = ResampleKernel.vertical(pixels, width * CHANNELS, rows);
        }
        return new RgbImage(width, height, pixels);
    }

    private static RgbImage nearest(RgbImage image, int width, int height) {
        int[] columns = nearestSource(image.width(), width);
        int[] rows = nearestSource(image.height(), height);
        byte[] source = image.pixels();
        byte[] target = new byte[width * height * CHANNELS];
        int at = 0;
        for (int row : rows) {
            if (row < 0) {
                at += width * CHANNELS;
                continue;
            }
            for (int column : columns) {
                if (column >= 0) {
                    System.arraycopy(source, (row * image.width() + column) * CHANNELS, target, at, CHANNELS);
                }
                at += CHANNELS;
            }
        }
        return new RgbImage(width, height, target);
    }

    /** Source index of each target pixel, or −1 outside; summed up step by step because Pillow's rounding is. */
    private static int[] nearestSource(int source, int target) {
        double step = (double) source / target;
        double position = step * 0.5;
        int[] index = new int[target];
        for (int i = 0; i < target; i++) {
            index[i] = (int) position < source ? (int) position : -1;
            position += step;
        }
        return index;
    }
}
