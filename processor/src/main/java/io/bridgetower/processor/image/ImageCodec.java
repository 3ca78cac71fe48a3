package io.bridgetower.processor.image;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.codec.ImageDecoder;
import io.bridgetower.processor.image.codec.RasterPixels;
import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Reads images from files, streams, bytes and AWT.
 *
 * <p>Files are recognised by their content: JPEG, PNG, GIF (first frame), BMP, TIFF (first page), WebP (first frame),
 * PPM, PGM and PBM. A JPEG that lacks its end marker is read if all of its rows are there. The orientation that EXIF
 * data ask for is applied, unless {@link Exif#IGNORE} is asked for. Every colour mode becomes RGB as Pillow's {@code convert("RGB")} does it: alpha is dropped
 * without blending, palettes are looked up, greys are repeated, 16-bit colours keep their high byte, 16-bit greys
 * saturate at 255, CMYK is converted by formula, and no colour profile or gamma is applied.
 *
 * <p>PNG, GIF, BMP, JPEG, PPM, PGM, PBM and lossless WebP give the bytes that Pillow gives. Lossy WebP does not: the
 * reader repeats a chroma sample over four pixels where libwebp interpolates, so that pixels next to coloured edges
 * differ, by 1 or 2 of 255 on the mean of a photograph and by up to 90 at single pixels where saturated colours meet.
 * TIFF agrees but for CIELab and uncompressed YCbCr.
 */
public final class ImageCodec {
    private ImageCodec() {}

    /** The pixels of an AWT image, converted as the class comment says; the image is not kept. */
    public static RgbImage convert(BufferedImage image) {
        return new RgbImage(image.getWidth(), image.getHeight(), RasterPixels.rgb(image));
    }

    /** Reads a file with {@link ImageReadOptions#DEFAULT}; see {@link #read(Path, ImageReadOptions)}. */
    public static RgbImage read(Path file) throws IOException {
        return read(file, ImageReadOptions.DEFAULT);
    }

    /**
     * Reads a file.
     *
     * @throws MalformedFileException if it is not an image of a known format, is damaged or
     *     truncated, or passes a limit
     * @throws IOException if it cannot be read, or if its pixels need more memory than there is
     */
    public static RgbImage read(Path file, ImageReadOptions options) throws IOException {
        // A pipe would wait for its other end for ever.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "expected a regular file");
        }
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
     * @param name what error messages call the image
     * @throws MalformedFileException if it is not an image of a known format, is damaged or
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
     * @param name what error messages call the image
     * @throws MalformedFileException if it is not an image of a known format, is damaged or
     *     truncated, or passes a limit
     * @throws IOException if its pixels need more memory than there is
     */
    public static RgbImage decode(byte[] encoded, String name, ImageReadOptions options) throws IOException {
        Path label = label(name);
        options.limits().checkBytes(label, encoded.length);
        return ImageDecoder.decode(encoded, label, options).named(label);
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
