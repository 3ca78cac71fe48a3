package io.bridgetower.processor.image.raster;

import io.bridgetower.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Locale;

/**
 * An image: rows of red, green, blue bytes from the top left, without gaps. Immutable and safe to share.
 */
public final class RgbImage {
    private final int width;
    private final int height;
    private final byte[] pixels;

    /** What it was read from; null where that is not known. */
    private final String name;

    /** Takes ownership of {@code pixels}, whose length must be right. */
    public RgbImage(int width, int height, byte[] pixels) {
        this(width, height, pixels, null);
    }

    private RgbImage(int width, int height, byte[] pixels, String name) {
        assert pixels.length == width * height * Resizer.CHANNELS;
        this.width = width;
        this.height = height;
        this.pixels = pixels;
        this.name = name;
    }

    /**
     * An image from raw bytes, which are copied.
     *
     * @param rgb rows of red, green, blue, {@code 3 * width * height} bytes
     * @throws IllegalArgumentException if a side is not positive or the number of bytes is not that of the size
     */
    public static RgbImage of(int width, int height, byte[] rgb) {
        if (width < 1 || height < 1 || (long) width * height * Resizer.CHANNELS != rgb.length) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "an image of %d x %d pixels needs %d bytes, found %d",
                    width,
                    height,
                    (long) width * height * Resizer.CHANNELS,
                    rgb.length));
        }
        return new RgbImage(width, height, rgb.clone());
    }

    /** Pixels from left to right. */
    public int width() {
        return width;
    }

    /** Pixels from top to bottom. */
    public int height() {
        return height;
    }

    /** A copy of the bytes: red, green, blue, row by row. */
    public byte[] rgb() {
        return pixels.clone();
    }

    /** SHA-256 of the size and the bytes, in hexadecimal: equal for images with the same pixels. Computed in each call. */
    public String contentHash() {
        MessageDigest digest = Sha256.digest();
        digest.update(ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(width)
                .putInt(height)
                .flip());
        digest.update(pixels);
        return Sha256.hex(digest);
    }

    /** What messages call it: the file or name that it was read from, or else what the caller knows it by. */
    public String nameOr(String otherwise) {
        return name == null ? otherwise : name;
    }

    /** The same, as read from a file. */
    public RgbImage named(Path file) {
        return new RgbImage(width, height, pixels, file.toString());
    }

    /** The bytes themselves; not to be written to. */
    public byte[] pixels() {
        return pixels;
    }

    /** The size, as in {@code RgbImage[640 x 480]}. */
    @Override
    public String toString() {
        return "RgbImage[" + width + " x " + height + "]";
    }
}
