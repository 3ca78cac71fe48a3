package io.bridgetower.processor.image;

import io.bridgetower.files.MalformedFileException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
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
 * <p>Files are recognised by their content: JPEG, PNG, GIF (first frame), BMP, TIFF (first page), WebP (first frame),
 * PPM, PGM and PBM. A JPEG that lacks its end marker is read if all of its rows are there. The orientation that EXIF
 * data ask for is applied, unless {@link Exif#IGNORE} is asked for. Every colour mode becomes RGB as Pillow's {@code convert("RGB")} does it: alpha is dropped
 * without blending, palettes are looked up, greys are repeated, 16-bit colours keep their high byte, 16-bit greys
 * saturate at 255, CMYK is converted by formula, and no colour profile or gamma is applied.
 *
 * <p>PNG, GIF, BMP, JPEG, PPM, PGM, PBM and lossless WebP give the bytes that Pillow gives. Lossy WebP does not: the
 * reader repeats a chroma sample over four pixels where libwebp interpolates, so that pixels beside coloured edges
 * differ, by 1 or 2 of 255 on the mean of a photograph and by up to 90 at single pixels where saturated colours meet.
 * TIFF agrees but for CIELab and uncompressed YCbCr.
 */
public final class RgbImage {
    private final int width;
    private final int height;
    private final byte[] pixels;

    /** What it was read from; null where that is not known. */
    private final String name;

    /** Takes ownership of {@code pixels}, whose length must be right. */
    RgbImage(int width, int height, byte[] pixels) {
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

    /** Reads a file with {@link ImageReadOptions#DEFAULT}; see {@link #read(Path, ImageReadOptions)}. */
    public static RgbImage read(Path file) throws IOException {
        return read(file, ImageReadOptions.DEFAULT);
    }

    /**
     * Reads a file.
     *
     * @throws MalformedFileException if it is not a picture of a known format, is damaged or
     *     truncated, or passes a limit
     * @throws IOException if it cannot be read, or if its pixels need more memory than there is
     */
    public static RgbImage read(Path file, ImageReadOptions options) throws IOException {
        options.limits().checkBytes(file, Files.size(file));
        byte[] encoded;
        try (InputStream in = Files.newInputStream(file)) {
            encoded = bytes(in, file, options.limits());
        } catch (FileSystemException | MalformedFileException | ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        } catch (OutOfMemoryError e) {
            OutOfMemoryError named = new OutOfMemoryError(file + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
        return ImageDecoder.decode(encoded, file, options).named(file);
    }

    /** Decodes with {@link ImageReadOptions#DEFAULT}; see {@link #read(InputStream, String, ImageReadOptions)}. */
    public static RgbImage read(InputStream in, String name) throws IOException {
        return read(in, name, ImageReadOptions.DEFAULT);
    }

    /**
     * Decodes a stream, which is read to its end and left open.
     *
     * @param name what error messages call the picture
     * @throws MalformedFileException if it is not a picture of a known format, is damaged or
     *     truncated, or passes a limit
     * @throws IOException if the stream cannot be read, or if the pixels need more memory than there is
     */
    public static RgbImage read(InputStream in, String name, ImageReadOptions options) throws IOException {
        Path label = label(name);
        return ImageDecoder.decode(bytes(in, label, options.limits()), label, options)
                .named(label);
    }

    /** Decodes with {@link ImageReadOptions#DEFAULT}; see {@link #decode(byte[], String, ImageReadOptions)}. */
    public static RgbImage decode(byte[] encoded, String name) throws IOException {
        return decode(encoded, name, ImageReadOptions.DEFAULT);
    }

    /**
     * Decodes the bytes of a file.
     *
     * @param name what error messages call the picture
     * @throws MalformedFileException if it is not a picture of a known format, is damaged or
     *     truncated, or passes a limit
     * @throws IOException if its pixels need more memory than there is
     */
    public static RgbImage decode(byte[] encoded, String name, ImageReadOptions options) throws IOException {
        Path label = label(name);
        options.limits().checkBytes(label, encoded.length);
        return ImageDecoder.decode(encoded, label, options).named(label);
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

    /** What messages call it: the file or name that it was read from, or else what the caller knows it by. */
    String nameOr(String otherwise) {
        return name == null ? otherwise : name;
    }

    private RgbImage named(Path file) {
        return new RgbImage(width, height, pixels, file.toString());
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

    private static byte[] bytes(InputStream in, Path name, ImageLimits limits) throws IOException {
        byte[] encoded = in.readNBytes((int) limits.bytes());
        if (encoded.length == limits.bytes() && in.read() >= 0) limits.checkBytes(name, limits.bytes() + 1);
        return encoded;
    }

    private static Path label(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            return Path.of(name.replaceAll("[^\\w.-]", "_"));
        }
    }
}
