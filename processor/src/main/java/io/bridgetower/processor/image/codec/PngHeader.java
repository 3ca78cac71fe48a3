package io.bridgetower.processor.image.codec;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.ImageLimits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;

/** The IHDR chunk of a PNG file, and what it says about the samples of a row. */
record PngHeader(int width, int height, int depth, int colorType, boolean interlaced) {
    private static final int BYTES = 13;
    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int INDEXED = 3;
    private static final int GREY_ALPHA = 4;
    private static final int RGB_ALPHA = 6;

    static PngHeader read(ByteBuffer body, Path name, ImageLimits limits) throws MalformedFileException {
        if (body.remaining() < BYTES) throw new MalformedFileException(name, "IHDR", "truncated");
        limits.checkSize(name, body.getInt(0) & 0xffffffffL, body.getInt(4) & 0xffffffffL);
        PngHeader header = new PngHeader(body.getInt(0), body.getInt(4), body.get(8), body.get(9), body.get(12) == 1);
        if (!header.valid() || body.get(10) != 0 || body.get(11) != 0 || (body.get(12) & 0xfe) != 0) {
            throw new MalformedFileException(
                    name,
                    "IHDR",
                    String.format(
                            Locale.ROOT,
                            "colour type %d, depth %d, compression %d, filter %d, interlace %d are no PNG",
                            body.get(9),
                            body.get(8),
                            body.get(10),
                            body.get(11),
                            body.get(12)));
        }
        return header;
    }

    private boolean valid() {
        return switch (colorType) {
            case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case INDEXED -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case RGB, GREY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
            default -> false;
        };
    }

    /** Bytes of a row of {@code columns} pixels. */
    int rowBytes(int columns) {
        return Math.toIntExact(((long) columns * channels() * depth + 7) / 8);
    }

    /** How far back the filters look. */
    int filterStep() {
        return Math.max(channels() * depth / 8, 1);
    }

    private int channels() {
        return switch (colorType) {
            case RGB -> 3;
            case GREY_ALPHA -> 2;
            case RGB_ALPHA -> 4;
            default -> 1;
        };
    }

    /** Writes {@code columns} pixels of an unfiltered row as RGB, {@code step} bytes apart. */
    void toRgb(byte[] row, int from, int columns, int[] palette, byte[] rgb, int to, int step) {
        if (depth < 8) packed(row, from, columns, palette, rgb, to, step);
        else if (colorType == GREY && depth == 16) saturated(row, from, columns, rgb, to, step);
        else bytes(row, from, columns, palette, rgb, to, step);
    }

    private void packed(byte[] row, int from, int columns, int[] palette, byte[] rgb, int to, int step) {
        int largest = (1 << depth) - 1;
        int bit = from * Byte.SIZE;
        for (int x = 0, at = to; x < columns; x++, at += step, bit += depth) {
            int sample = row[bit >> 3] >> (Byte.SIZE - depth - (bit & 7)) & largest;
            put(rgb, at, colorType == INDEXED ? palette[sample] : 0x010101 * (sample * 255 / largest));
        }
    }

    /** Pillow reads these greys as numbers, and numbers above 255 become white. */
    private void saturated(byte[] row, int from, int columns, byte[] rgb, int to, int step) {
        for (int x = 0, at = to; x < columns; x++, at += step) {
            put(rgb, at, 0x010101 * (row[from + 2 * x] == 0 ? row[from + 2 * x + 1] & 0xff : 255));
        }
    }

    private void bytes(byte[] row, int from, int columns, int[] palette, byte[] rgb, int to, int step) {
        int sampleBytes = depth / 8;
        int pixelBytes = channels() * sampleBytes;
        boolean color = colorType == RGB || colorType == RGB_ALPHA;
        for (int x = 0, at = to, pixel = from; x < columns; x++, at += step, pixel += pixelBytes) {
            if (color) {
                rgb[at] = row[pixel];
                rgb[at + 1] = row[pixel + sampleBytes];
                rgb[at + 2] = row[pixel + 2 * sampleBytes];
            } else {
                int sample = row[pixel] & 0xff;
                put(rgb, at, colorType == INDEXED ? palette[sample] : 0x010101 * sample);
            }
        }
    }

    private static void put(byte[] rgb, int at, int color) {
        rgb[at] = (byte) (color >> 16);
        rgb[at + 1] = (byte) (color >> 8);
        rgb[at + 2] = (byte) color;
    }
}
