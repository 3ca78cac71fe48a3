package io.bridgetower.processor.image.codec;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.ImageLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;

/** Whether a BMP file is as long as its header says: the JDK's reader sets memory aside first and then fills it. */
final class BmpCheck {
    private static final int OS2_HEADER = 12;
    private static final int RGB = 0;
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BIT_FIELDS = 3;

    private BmpCheck() {}

    /** @throws IndexOutOfBoundsException if the header is cut off */
    static void check(byte[] data, Path name, ImageLimits limits) throws MalformedFileException {
        ByteBuffer bmp = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        boolean os2 = bmp.getInt(14) == OS2_HEADER;
        long width = os2 ? bmp.getShort(18) & 0xffff : bmp.getInt(18);
        long height = os2 ? bmp.getShort(20) & 0xffff : Math.abs((long) bmp.getInt(22));
        int bits = bmp.getShort(os2 ? 24 : 28) & 0xffff;
        int compression = os2 ? 0 : bmp.getInt(30);
        limits.checkSize(name, width, height);
        // The JDK's reader would go on to read a JPEG or PNG of any size.
        if (compression < RGB || compression > BIT_FIELDS) {
            throw new MalformedFileException(name, "compression", "expected 0 to 3, found " + compression);
        }
        if (compression == RLE8 || compression == RLE4) {
            limits.checkContent(name, width, height, data.length, width * height / ImageLimits.BLANK_RATIO);
            if (!reachesLastRow(bmp, height, compression)) {
                throw new MalformedFileException(name, null, "truncated: the last rows are missing");
            }
            return;
        }
        long rowBytes = Math.ceilDiv(width * bits, 32L) * 4;
        // What fills up the last row may be missing.
        long needed = rowBytes * (height - 1) + Math.ceilDiv(width * bits, (long) Byte.SIZE);
        long available = data.length - (bmp.getInt(10) & 0xffffffffL);
        if (needed > available) {
            throw new MalformedFileException(
                    name,
                    null,
                    String.format(
                            Locale.ROOT,
                            "truncated: %d bytes of pixels, %d x %d at %d bits need %d",
                            Math.max(available, 0),
                            width,
                            height,
                            bits,
                            needed));
        }
    }

    /** Whether run lengths go on to the last row, whose end may be missing. */
    private static boolean reachesLastRow(ByteBuffer bmp, long height, int compression) {
        long y = 0;
        int at = bmp.getInt(10);
        while (y < height - 1) {
            if (at < 0 || at > bmp.limit() - 4) return false;
            int count = bmp.get(at) & 0xff;
            int value = bmp.get(at + 1) & 0xff;
            at += 2;
            if (count > 0) continue;
            switch (value) {
                case 0 -> y++;
                case 1 -> {
                    return false;
                }
                case 2 -> {
                    y += bmp.get(at + 1) & 0xff;
                    at += 2;
                }
                default -> at += Math.ceilDiv(compression == RLE4 ? value : 2 * value, 4) * 2;
            }
        }
        return true;
    }
}
