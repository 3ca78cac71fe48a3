package io.bridgetower;

import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * An image to score, embed or describe: decoded, upright unless EXIF data are ignored, in RGB. See {@link
 * ImageCodec} for the formats.
 * Images with the same pixels are the same image to a model's cache, wherever they come from.
 *
 * <p>Immutable and safe for use by several threads. Holds three bytes a pixel until it is garbage.
 */
public final class Image {
    private final RgbImage pixels;

    /** Computed when first needed. */
    private volatile String contentHash;

    private Image(RgbImage pixels) {
        this.pixels = pixels;
    }

    /**
     * Reads a file with {@link ImageReadOptions#DEFAULT}.
     *
     * @throws io.bridgetower.files.MalformedFileException if it is not an image of a known format, is damaged or truncated,
     *     or passes a limit
     * @throws IOException if it cannot be read
     */
    public static Image read(Path file) throws IOException {
        return new Image(ImageCodec.read(file));
    }

    /** Reads a file as options say; throws as {@link #read(Path)}. */
    public static Image read(Path file, ImageReadOptions options) throws IOException {
        return new Image(ImageCodec.read(file, options));
    }

    /**
     * Decodes a stream, which is read to its end and left open; throws as {@link #read(Path)}.
     *
     * @param name what messages call the image
     */
    public static Image read(InputStream in, String name) throws IOException {
        return new Image(ImageCodec.read(in, name));
    }

    /** Decodes a stream as options say; as {@link #read(InputStream, String)}. */
    public static Image read(InputStream in, String name, ImageReadOptions options) throws IOException {
        return new Image(ImageCodec.read(in, name, options));
    }

    /**
     * Decodes the bytes of a file; throws as {@link #read(Path)}.
     *
     * @param name what messages call the image
     */
    public static Image decode(byte[] encoded, String name) throws IOException {
        return new Image(ImageCodec.decode(encoded, name));
    }

    /** Decodes the bytes of a file as options say; as {@link #decode(byte[], String)}. */
    public static Image decode(byte[] encoded, String name, ImageReadOptions options) throws IOException {
        return new Image(ImageCodec.decode(encoded, name, options));
    }

    /** The pixels of an AWT image, which is not kept. */
    public static Image of(BufferedImage image) {
        return new Image(ImageCodec.convert(image));
    }

    /** An image that is decoded already. */
    public static Image of(RgbImage pixels) {
        return new Image(pixels);
    }

    /** Pixels from left to right. */
    public int width() {
        return pixels.width();
    }

    /** Pixels from top to bottom. */
    public int height() {
        return pixels.height();
    }

    /** The pixels. */
    public RgbImage pixels() {
        return pixels;
    }

    /** The image as a file in PNG. */
    public byte[] toPng() {
        BufferedImage image = new BufferedImage(width(), height(), BufferedImage.TYPE_INT_RGB);
        byte[] rgb = pixels.pixels();
        for (int i = 0, at = 0; i < width() * height(); i++, at += 3) {
            int colour = (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | rgb[at + 2] & 0xFF;
            image.setRGB(i % width(), i / width(), colour);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        // On its own stream, ImageIO would go by way of a temporary file.
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png.toByteArray();
    }

    /** The size, as in {@code Image[640 x 480]}. */
    @Override
    public String toString() {
        return "Image[" + width() + " x " + height() + "]";
    }

    /** A hash of size and pixels. */
    String contentHash() {
        String hash = contentHash;
        if (hash == null) {
            hash = pixels.contentHash();
            contentHash = hash;
        }
        return hash;
    }
}
