package io.bridgetower.processor.image.raster;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The orientation that EXIF data ask for: how to find it, and how to apply it. */
public final class ExifOrientation {
    /** Rows from top to bottom, columns from left to right: nothing to do. */
    public static final int NORMAL = 1;

    private static final int TAG = 0x0112;
    private static final int HEADER_BYTES = 8;
    private static final int ENTRY_BYTES = 12;

    /** Bytes of a value, by the number of its type. */
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    private static final int CHANNELS = Resizer.CHANNELS;

    private ExifOrientation() {}

    /**
     * The orientation tag of the first directory of a TIFF structure, the form in which JPEG, PNG and WebP carry EXIF
     * data too. As with Pillow, numbers of every type count but for plain bytes, the last tag of several, and what comes
     * before damage; data that are no TIFF structure are {@link #NORMAL}.
     */
    public static int find(byte[] data, int from, int length) {
        if (length < HEADER_BYTES) return NORMAL;
        ByteBuffer tiff = ByteBuffer.wrap(data, from, length).slice();
        int order = tiff.getShort(0);
        if (order == 0x4949) tiff.order(ByteOrder.LITTLE_ENDIAN);
        else if (order != 0x4d4d) return NORMAL;
        int version = tiff.getShort(2);
        if (version != 42 && version != 42 << 8) return NORMAL;
        long directory = tiff.getInt(4) & 0xffffffffL;
        if (directory + 2 > length) return NORMAL;
        int entries = tiff.getShort((int) directory) & 0xffff;
        int orientation = NORMAL;
        long at = directory + 2;
        for (int i = 0; i < entries && at + ENTRY_BYTES <= length; i++, at += ENTRY_BYTES) {
            int entry = (int) at;
            int type = tiff.getShort(entry + 2) & 0xffff;
            long size = (tiff.getInt(entry + 4) & 0xffffffffL) * (type < TYPE_BYTES.length ? TYPE_BYTES[type] : 0);
            if (size == 0) continue;
            long value = size <= Integer.BYTES ? entry + 8 : tiff.getInt(entry + 8) & 0xffffffffL;
            if (value + size > length) break;
            if ((tiff.getShort(entry) & 0xffff) == TAG) orientation = orientation(number(tiff, type, (int) value));
        }
        return orientation;
    }

    private static double number(ByteBuffer tiff, int type, int at) {
        return switch (type) {
            case 3 -> tiff.getShort(at) & 0xffff;
            case 4, 13 -> tiff.getInt(at) & 0xffffffffL;
            case 5 -> (double) (tiff.getInt(at) & 0xffffffffL) / (tiff.getInt(at + 4) & 0xffffffffL);
            case 6 -> tiff.get(at);
            case 8 -> tiff.getShort(at);
            case 9 -> tiff.getInt(at);
            case 10 -> (double) tiff.getInt(at) / tiff.getInt(at + 4);
            case 11 -> tiff.getFloat(at);
            case 12 -> tiff.getDouble(at);
            default -> NORMAL;
        };
    }

    private static int orientation(double number) {
        return number >= 1 && number <= 8 && number == (int) number ? (int) number : NORMAL;
    }

    /**
     * The image as it is to be seen. Orientations, as the place where the stored top left corner belongs: 1 top
     * left, 2 top right, 3 bottom right, 4 bottom left, and 5 to 8 the same four (left top, right top, right bottom,
     * left bottom) of the transposed image.
     */
    public static RgbImage apply(RgbImage image, int orientation) {
        if (orientation == NORMAL) return image;
        int width = image.width();
        int height = image.height();
        boolean transposed = orientation >= 5;
        boolean mirrored = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean flipped = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        // Where a stored pixel lies: start + column * columnStep + row * rowStep, as the target is filled in order.
        int columnStep = mirrored ? -1 : 1;
        int rowStep = flipped ? -width : width;
        int start = (mirrored ? width - 1 : 0) + (flipped ? (height - 1) * width : 0);
        int outWidth = transposed ? height : width;
        int outHeight = transposed ? width : height;
        int acrossStep = transposed ? rowStep : columnStep;
        int downStep = transposed ? columnStep : rowStep;
        byte[] source = image.pixels();
        byte[] target = new byte[source.length];
        int at = 0;
        for (int y = 0; y < outHeight; y++) {
            int pixel = start + y * downStep;
            for (int x = 0; x < outWidth; x++, pixel += acrossStep, at += CHANNELS) {
                target[at] = source[pixel * CHANNELS];
                target[at + 1] = source[pixel * CHANNELS + 1];
                target[at + 2] = source[pixel * CHANNELS + 2];
            }
        }
        return new RgbImage(outWidth, outHeight, target);
    }
}
