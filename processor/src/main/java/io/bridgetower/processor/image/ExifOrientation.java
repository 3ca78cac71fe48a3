package io.bridgetower.processor.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The orientation that EXIF data ask for: how to find it, and how to apply it. */
final class ExifOrientation {
    /** Rows from top to bottom, columns from left to right: nothing to do. */
    static final int NORMAL = 1;

    private static final int TAG = 0x0112;
    private static final int ENTRY_BYTES = 12;
    private static final int CHANNELS = Resizer.CHANNELS;

    private ExifOrientation() {}

    /**
     * The orientation tag of the first directory of a TIFF structure, the form in which JPEG, PNG and WebP carry EXIF
     * data too. Damaged data, which viewers ignore, are {@link #NORMAL}.
     */
    static int find(byte[] data, int from, int length) {
        ByteBuffer tiff = ByteBuffer.wrap(data, from, length).slice();
        if (length < 8) return NORMAL;
        int mark = tiff.getShort(0);
        if (mark == 0x4949) tiff.order(ByteOrder.LITTLE_ENDIAN);
        else if (mark != 0x4d4d) return NORMAL;
        long directory = tiff.getInt(4) & 0xffffffffL;
        if (directory + 2 > length) return NORMAL;
        int entries = tiff.getShort((int) directory) & 0xffff;
        long at = directory + 2;
        for (int i = 0; i < entries && at + ENTRY_BYTES <= length; i++, at += ENTRY_BYTES) {
            if ((tiff.getShort((int) at) & 0xffff) == TAG) return value(tiff, (int) at);
        }
        return NORMAL;
    }

    private static int value(ByteBuffer tiff, int entry) {
        int value = switch (tiff.getShort(entry + 2)) {
            case 1 -> tiff.get(entry + 8) & 0xff;
            case 3 -> tiff.getShort(entry + 8) & 0xffff;
            case 4 -> tiff.getInt(entry + 8);
            default -> NORMAL;
        };
        return value >= 1 && value <= 8 ? value : NORMAL;
    }

    /**
     * The picture as it is to be seen. Orientations, as the place where the stored top left corner belongs: 1 top
     * left, 2 top right, 3 bottom right, 4 bottom left, and 5 to 8 the same four (left top, right top, right bottom,
     * left bottom) of the transposed picture.
     */
    static RgbImage apply(RgbImage image, int orientation) {
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
