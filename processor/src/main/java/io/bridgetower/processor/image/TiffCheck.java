package io.bridgetower.processor.image;

import io.bridgetower.engine.MalformedFileException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Looks at those numbers of a TIFF file's first directory by which the JDK's reader sizes its buffers. */
final class TiffCheck {
    private static final int ENTRY_BYTES = 12;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int STRIP_BYTES = 279;
    private static final int TILE_BYTES = 325;
    private static final long MOST_SAMPLES = 16;

    private TiffCheck() {}

    /** @throws IndexOutOfBoundsException if the directory does not lie inside the file */
    static void check(byte[] data, Path name) throws MalformedFileException {
        ByteBuffer tiff = ByteBuffer.wrap(data).order(data[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int at = tiff.getInt(4);
        int entries = tiff.getShort(at) & 0xffff;
        at += Short.BYTES;
        for (int i = 0; i < entries; i++, at += ENTRY_BYTES) {
            switch (tiff.getShort(at) & 0xffff) {
                case SAMPLES_PER_PIXEL -> checkValues(tiff, at, MOST_SAMPLES, name, "SamplesPerPixel");
                case STRIP_BYTES -> checkValues(tiff, at, data.length, name, "StripByteCounts");
                case TILE_BYTES -> checkValues(tiff, at, data.length, name, "TileByteCounts");
                default -> {}
            }
        }
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
