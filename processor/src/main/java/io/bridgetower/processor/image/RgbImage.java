package io.bridgetower.processor.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A picture: rows of red, green, blue bytes from the top left, without gaps. Immutable and safe to share.
 *
 * <p>Files are recognised by their content: JPEG, PNG, GIF (first frame), BMP, TIFF (first page), WebP (first frame).
 * The orientation that EXIF data ask for is applied. Every colour mode becomes RGB as Pillow's {@code convert("RGB")}
 * does it: alpha is dropped without blending, palettes are looked up, greys are repeated, 16-bit colours keep their
 * high byte, 16-bit greys saturate at 255, CMYK is converted by formula, and no colour profile or gamma is applied.
 *
 * <p>PNG, GIF, BMP, JPEG and lossless WebP give the bytes that Pillow gives. Lossy WebP does not: the reader repeats a
 * chroma sample over four pixels where libwebp interpolates, so that pixels beside coloured edges differ, by 1 or 2 of
 * 255 on the mean of a photograph and by up to 70 at single pixels. TIFF agrees but for CIELab and uncompressed YCbCr.
 */
public final class RgbImage {
    private final int width;
    private final int height;
    private final byte[] pixels;

    /** Takes ownership of {@code pixels}, whose length must be right. */
    RgbImage(int width, int height, byte[] pixels) {
        assert pixels.length == width * height * Resizer.CHANNELS;
        this.width = width;
        this.height = height;
        this.pixels = pixels;
    }

    /**
     * A picture from raw bytes, which are copied.
     *
     * @param rgb rows of red, green, blue, {@code 3 * width * height} bytes
     * @throws IllegalArgumentException if a side is not positive or the number of bytes is not that of the size
     */
    public static RgbImage of(int width, int height, byte[] rgb) {
        if (width < 1 || height < 1 || (long) width * height * Resizer.CHANNELS != rgb.length) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "a picture of %d x %d pixels needs %d bytes, found %d",
                    width,
                    height,
                    (long) width * height * Resizer.CHANNELS,
                    rgb.length));
        }
        return new RgbImage(width, height, rgb.clone());
    }

    /** The pixels of an AWT image, converted as the class comment says; the image is not kept. */
    public static RgbImage of(BufferedImage image) {
        return new RgbImage(image.getWidth(), image.getHeight(), RasterPixels.rgb(image));
    }

    /** Reads a file within {@link ImageLimits#DEFAULT}; see {@link #read(Path, ImageLimits)}. */
    public static RgbImage read(Path file) throws IOException {
        return read(file, ImageLimits.DEFAULT);
    }

    /**
     * Reads a file.
     *
     * @throws io.bridgetower.files.MalformedFileException if it is not a picture of a known format, is damaged or
     *     truncated, or passes a limit
     * @throws IOException if it cannot be read
     */
    public static RgbImage read(Path file, ImageLimits limits) throws IOException {
        limits.checkBytes(file, Files.size(file));
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file, limits);
        }
    }

    /** Decodes within {@link ImageLimits#DEFAULT}; see {@link #read(InputStream, String, ImageLimits)}. */
    public static RgbImage read(InputStream in, String name) throws IOException {
        return read(in, name, ImageLimits.DEFAULT);
    }

    /**
     * Decodes a stream, which is read to its end and left open.
     *
     * @param name what error messages call the picture
     * @throws io.bridgetower.files.MalformedFileException if it is not a picture of a known format, is damaged or
     *     truncated, or passes a limit
     * @throws IOException if the stream cannot be read
     */
    public static RgbImage read(InputStream in, String name, ImageLimits limits) throws IOException {
        return read(in, label(name), limits);
    }

    /** Decodes within {@link ImageLimits#DEFAULT}; see {@link #decode(byte[], String, ImageLimits)}. */
    public static RgbImage decode(byte[] encoded, String name) throws IOException {
        return decode(encoded, name, ImageLimits.DEFAULT);
    }

    /**
     * Decodes the bytes of a file.
     *
     * @param name what error messages call the picture
     * @throws io.bridgetower.files.MalformedFileException if it is not a picture of a known format, is damaged or
     *     truncated, or passes a limit
     */
    public static RgbImage decode(byte[] encoded, String name, ImageLimits limits) throws IOException {
        Path label = label(name);
        limits.checkBytes(label, encoded.length);
        return ImageDecoder.decode(encoded, label, limits);
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
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(2 * Integer.BYTES)
                    .putInt(width)
                    .putInt(height)
                    .flip());
            return HexFormat.of().formatHex(digest.digest(pixels));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The bytes themselves; not to be written to. */
    byte[] pixels() {
        return pixels;
    }

    /** The size, as in {@code RgbImage[640 x 480]}. */
    @Override
    public String toString() {
        return "RgbImage[" + width + " x " + height + "]";
    }

    private static RgbImage read(InputStream in, Path name, ImageLimits limits) throws IOException {
        byte[] encoded = in.readNBytes((int) limits.bytes());
        if (encoded.length == limits.bytes() && in.read() >= 0) limits.checkBytes(name, limits.bytes() + 1);
        return ImageDecoder.decode(encoded, name, limits);
    }

    private static Path label(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            return Path.of(name.replaceAll("[^\\w.-]", "_"));
        }
    }
}
