package io.bridgetower.processor.image;

import io.bridgetower.files.MalformedFileException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The first directory of a TIFF file: those numbers by which the JDK's reader sizes its buffers are checked, and those
 * that it rounds or misreads are kept.
 *
 * @param photometric what the samples mean
 * @param palette the colours of {@link #PALETTE}, or null
 */
record TiffDirectory(int photometric, int[] palette) {
    static final int PALETTE = 3;
    static final int CMYK = 5;

    private static final int ENTRY_BYTES = 12;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int PHOTOMETRIC = 262;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int STRIP_BYTES = 279;
    private static final int COLOR_MAP = 320;
    private static final int TILE_BYTES = 325;
    private static final long MOST_SAMPLES = 16;
    private static final int MOST_COLORS = 1 << 16;

    /** @throws IndexOutOfBoundsException if the directory does not lie inside the file */
    static TiffDirectory read(byte[] data, Path name) throws MalformedFileException {
        ByteBuffer tiff = ByteBuffer.wrap(data).order(data[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int at = tiff.getInt(4);
        int entries = tiff.getShort(at) & 0xffff;
        at += Short.BYTES;
        int photometric = -1;
        int[] palette = null;
        for (int i = 0; i < entries; i++, at += ENTRY_BYTES) {
            switch (tiff.getShort(at) & 0xffff) {
                case PHOTOMETRIC -> photometric = tiff.getShort(at + 8);
                case SAMPLES_PER_PIXEL -> checkValues(tiff, at, MOST_SAMPLES, name, "SamplesPerPixel");
                case STRIP_BYTES -> checkValues(tiff, at, data.length, name, "StripByteCounts");
                case TILE_BYTES -> checkValues(tiff, at, data.length, name, "TileByteCounts");
                case COLOR_MAP -> palette = palette(tiff, at, name);
                default -> {}
            }
        }
        return new TiffDirectory(photometric, palette);
    }

    /** All reds, all greens, all blues, of 16 bits each: Pillow keeps the high bytes. */
    private static int[] palette(ByteBuffer tiff, int entry, Path name) throws MalformedFileException {
        int count = tiff.getInt(entry + 4);
        int colors = count / Resizer.CHANNELS;
        if (tiff.getShort(entry + 2) != SHORT || colors < 2 || colors > MOST_COLORS) {
            throw new MalformedFileException(name, "ColorMap", (count & 0xffffffffL) + " values");
        }
        int at = tiff.getInt(entry + 8);
        int[] palette = new int[colors];
        for (int i = 0; i < count / colors * colors; i++, at += Short.BYTES) {
            palette[i % colors] = palette[i % colors] << Byte.SIZE | (tiff.getShort(at) & 0xffff) >> Byte.SIZE;
        }
        return palette;
    }

    private static void checkValues(ByteBuffer tiff, int entry, long most, Path name, String field)
            throws MalformedFileException {
        int type = tiff.getShort(entry + 2);
        int bytes = type == SHORT ? Short.BYTES : Integer.BYTES;
        long count = tiff.getInt(entry + 4) & 0xffffffffL;
        if (type != SHORT && type != LONG || count * bytes > tiff.capacity()) {
            throw new MalformedFileException(name, field, count + " values of type " + type);
        }
        int at = count * bytes <= Integer.BYTES ? entry + 8 : tiff.getInt(entry + 8);
        for (int i = 0; i < count; i++, at += bytes) {
            long value = type == SHORT ? tiff.getShort(at) & 0xffff : tiff.getInt(at) & 0xffffffffL;
            if (value > most) {
                throw new MalformedFileException(name, field, "found " + value + ", expected at most " + most);
            }
        }
    }
}
