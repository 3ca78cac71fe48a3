package io.bridgetower.processor.image.raster;

import java.util.function.DoubleUnaryOperator;

/**
 * The resize written out once more from its definition: every output pixel on its own, in 64-bit integers. Distances
 * are rounded as Pillow rounds them, because the box filter jumps at its edge.
 */
final class PlainResize {
    private static final double UNIT = 1 << 22;

    private PlainResize() {}

    static byte[] resize(RgbImage image, int width, int height, Resampling filter) {
        int[][] pixels = new int[image.height()][image.width() * 3];
        byte[] rgb = image.rgb();
        for (int i = 0; i < rgb.length; i++) pixels[i / (image.width() * 3)][i % (image.width() * 3)] = rgb[i] & 0xff;
        int[][] wide = new int[image.height()][width * 3];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < width * 3; x++) {
                int row = y;
                int channel = x % 3;
                wide[y][x] = sample(image.width(), width, x / 3, filter, i -> pixels[row][i * 3 + channel]);
            }
        }
        byte[] result = new byte[width * height * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width * 3; x++) {
                int column = x;
                result[y * width * 3 + x] = (byte) sample(image.height(), height, y, filter, i -> wide[i][column]);
            }
        }
        return result;
    }

    private interface Line {
        int at(int index);
    }

    private static int sample(int source, int target, int index, Resampling filter, Line line) {
        if (source == target) return line.at(index);
        double scale = Math.max((double) source / target, 1);
        double center = (index + 0.5) * ((double) source / target);
        double support = reach(filter) * scale;
        int begin = Math.max((int) (center - support + 0.5), 0);
        int end = Math.min((int) (center + support + 0.5), source);
        double total = 0;
        for (int i = begin; i < end; i++) total += kernel(filter).applyAsDouble((i - center + 0.5) * (1 / scale));
        long sum = 1 << 21;
        for (int i = begin; i < end; i++) {
            double weight = kernel(filter).applyAsDouble((i - center + 0.5) * (1 / scale)) / total;
            sum += Math.round(Math.abs(weight) * UNIT) * (weight < 0 ? -1 : 1) * line.at(i);
        }
        return (int) Math.clamp(sum >> 22, 0, 255);
    }

    private static double reach(Resampling filter) {
        return switch (filter) {
            case BOX -> 0.5;
            case BILINEAR, HAMMING -> 1;
            case BICUBIC -> 2;
            case LANCZOS -> 3;
            case NEAREST -> throw new IllegalArgumentException();
        };
    }

    private static DoubleUnaryOperator kernel(Resampling filter) {
        return switch (filter) {
            case BOX -> x -> x > -0.5 && x <= 0.5 ? 1 : 0;
            case BILINEAR -> x -> Math.abs(x) < 1 ? 1 - Math.abs(x) : 0;
            case HAMMING -> x -> Math.abs(x) < 1 ? sinc(x) * (0.54f + 0.46f * Math.cos(Math.PI * x)) : 0;
            case BICUBIC -> x -> cubic(Math.abs(x));
            case LANCZOS -> x -> Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
            case NEAREST -> throw new IllegalArgumentException();
        };
    }

    private static double cubic(double x) {
        if (x < 1) return 1.5 * x * x * x - 2.5 * x * x + 1;
        return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }
}
