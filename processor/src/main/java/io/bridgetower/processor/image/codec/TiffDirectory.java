package io.bridgetower.processor.image.codec;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.codec.jpeg.JpegComponent;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.Resizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The first directory of a TIFF file: those numbers by which the JDK's reader sizes its buffers are checked, and those
 * that it rounds or misreads are kept.
 */
final class TiffDirectory {
    static final int PALETTE = 3;
    static final int CMYK = 5;

    private static final int YCC = 6;
    private static final int ENTRY_BYTES = 12;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS_PER_SAMPLE = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int STRIP_BYTES = 279;
    private static final int COLOR_MAP = 320;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_BYTES = 325;
    private static final long MAX_SAMPLES = 16;
    private static final int MAX_COLORS = 1 << 16;

    private final ByteBuffer tiff;
    private final Path name;
    private final Map<Integer, Long> numbers = new HashMap<>();
    private int[] palette;
    private long codedBytes;

    /** @throws IndexOutOfBoundsException if the directory does not lie inside the file */
    TiffDirectory(byte[] data, Path name) throws MalformedFileException {
        this.tiff = ByteBuffer.wrap(data).order(data[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        this.name = name;
        int at = tiff.getInt(4);
        int entries = tiff.getShort(at) & 0xffff;
        at += Short.BYTES;
        for (int i = 0; i < entries; i++, at += ENTRY_BYTES) readEntry(at);
    }

    /** What the samples mean, or -1 if the file does not say. */
    int photometric() {
        return (int) number(PHOTOMETRIC, -1);
    }

    /** The colours of {@link #PALETTE}, or null. */
    int[] palette() {
        return palette;
    }

    /** Refuses an image, or a tile of it, that claims more pixels than the file can hold. */
    void checkContent(ImageLimits limits) throws MalformedFileException {
        checkContent(limits, number(WIDTH, 0), number(HEIGHT, 0));
        checkContent(limits, number(TILE_WIDTH, 0), number(TILE_HEIGHT, 0));
    }

    private void checkContent(ImageLimits limits, long width, long height) throws MalformedFileException {
        if (width == 0 || height == 0) return;
        limits.checkSize(name, width, height);
        long found = codedBytes == 0 ? tiff.capacity() : Math.min(codedBytes, tiff.capacity());
        limits.checkContent(name, width, height, found, leastBytes(width, height));
    }

    private long leastBytes(long width, long height) {
        long pixels = width * height;
        // The chroma of YCbCr may be stored for a few pixels out of many.
        long samples = photometric() == YCC ? 1 : number(SAMPLES_PER_PIXEL, 1);
        long bytes = pixels * number(BITS_PER_SAMPLE, 1) * samples / Byte.SIZE;
        return switch ((int) number(COMPRESSION, 1)) {
            case 1 -> bytes;
            // PackBits: 128 bytes from two.
            case 32773 -> bytes / 64;
            // LZW: codes of 12 bits for strings of up to 4096 bytes.
            case 5 -> bytes * 12 / Byte.SIZE / 4096;
            case 8, 32946 -> bytes / PngDecoder.LARGEST_RATIO;
            // Facsimiles: one bit for each row.
            case 2, 3, 4 -> height / Byte.SIZE;
            // JPEG: one bit for each block of the first component.
            case 6, 7 -> pixels / JpegComponent.COEFFICIENTS / Byte.SIZE;
            default -> pixels / ImageLimits.BLANK_RATIO;
        };
    }

    private long number(int tag, long other) {
        return numbers.getOrDefault(tag, other);
    }

    private void readEntry(int at) throws MalformedFileException {
        int tag = tiff.getShort(at) & 0xffff;
        switch (tag) {
            case WIDTH, HEIGHT, BITS_PER_SAMPLE, COMPRESSION, PHOTOMETRIC, TILE_WIDTH, TILE_HEIGHT -> keep(tag, at);
            case SAMPLES_PER_PIXEL -> {
                sum(at, MAX_SAMPLES, "SamplesPerPixel");
                keep(tag, at);
            }
            case STRIP_BYTES -> codedBytes += sum(at, tiff.capacity(), "StripByteCounts");
            case TILE_BYTES -> codedBytes += sum(at, tiff.capacity(), "TileByteCounts");
            case COLOR_MAP -> palette = readPalette(at);
            default -> {}
        }
    }

    /** Keeps the first value of an entry, if it is of one of the usual types. */
    private void keep(int tag, int entry) {
        int type = tiff.getShort(entry + 2);
        if (type != SHORT && type != LONG) return;
        int bytes = type == SHORT ? Short.BYTES : Integer.BYTES;
        boolean inside = (tiff.getInt(entry + 4) & 0xffffffffL) * bytes <= Integer.BYTES;
        numbers.put(tag, value(type, inside ? entry + 8 : tiff.getInt(entry + 8)));
    }

    private long value(int type, int at) {
        return type == SHORT ? tiff.getShort(at) & 0xffff : tiff.getInt(at) & 0xffffffffL;
    }

    /** All reds, all greens, all blues, of 16 bits each: Pillow keeps the high bytes. */
    private int[] readPalette(int entry) throws MalformedFileException {
        int count = tiff.getInt(entry + 4);
        int colors = count / Resizer.CHANNELS;
        if (tiff.getShort(entry + 2) != SHORT || colors < 2 || colors > MAX_COLORS) {
            throw new MalformedFileException(name, "ColorMap", (count & 0xffffffffL) + " values");
        }
        int at = tiff.getInt(entry + 8);
        int[] result = new int[colors];
        for (int i = 0; i < count / colors * colors; i++, at += Short.BYTES) {
            result[i % colors] = result[i % colors] << Byte.SIZE | (tiff.getShort(at) & 0xffff) >> Byte.SIZE;
        }
        return result;
    }

    /** The sum of the values of an entry, after each of them was checked. */
    private long sum(int entry, long most, String field) throws MalformedFileException {
        int type = tiff.getShort(entry + 2);
        int bytes = type == SHORT ? Short.BYTES : Integer.BYTES;
        long count = tiff.getInt(entry + 4) & 0xffffffffL;
        if (type != SHORT && type != LONG || count * bytes > tiff.capacity()) {
            throw new MalformedFileException(name, field, count + " values of type " + type);
        }
        int at = count * bytes <= Integer.BYTES ? entry + 8 : tiff.getInt(entry + 8);
        long sum = 0;
        for (int i = 0; i < count; i++, at += bytes) {
            long value = value(type, at);
            if (value > most) {
                throw new MalformedFileException(name, field, "found " + value + ", expected at most " + most);
            }
            sum += value;
        }
        return sum;
    }
}
