package io.bridgetower.processor.image.codec;

import io.bridgetower.engine.VectorModule;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.codec.jpeg.JpegDecoder;
import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Recognises an image's format by its first bytes and hands it to that format's decoder. */
public final class ImageDecoder {
    private ImageDecoder() {}

    public static RgbImage decode(byte[] data, Path name, ImageReadOptions options) throws IOException {
        VectorModule.require();
        ImageLimits limits = options.limits();
        Exif exif = options.exif();
        if (data.length == 0) throw new MalformedFileException(name, null, "not an image: the file is empty");
        try {
            if (starts(data, 0, "\u00ff\u00d8\u00ff")) return new JpegDecoder(data, name, limits).decode(exif);
            if (starts(data, 0, "\u0089PNG\r\n\u001a\n")) return new PngDecoder(data, name, limits).decode(exif);
            if (starts(data, 0, "GIF87a") || starts(data, 0, "GIF89a")) {
                return new GifDecoder(data, name, limits).decode();
            }
            if (starts(data, 0, "BM")) {
                BmpCheck.check(data, name, limits);
                return ImageIoDecoder.decodeByJdk("bmp", data, name, limits, RasterPixels::rgb);
            }
            if (starts(data, 0, "II*\0") || starts(data, 0, "MM\0*")) {
                return TiffDecoder.decode(data, name, options);
            }
            if (starts(data, 0, "RIFF") && starts(data, 8, "WEBP")) {
                return WebpDecoder.decode(data, name, options);
            }
            if (NetpbmDecoder.accepts(data)) return new NetpbmDecoder(data, name, limits).decode();
        } catch (OutOfMemoryError e) {
            // What was set aside for this image alone is free again: others can be read.
            throw new IOException(name + ": not enough memory for the image: " + e.getMessage(), e);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new MalformedFileException(name, null, "the image is damaged or truncated", e);
        }
        throw new MalformedFileException(
                name, null, "not an image: expected JPEG, PNG, GIF, BMP, TIFF, WebP, PPM, PGM or PBM");
    }

    private static boolean starts(byte[] data, int at, String magic) {
        byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
        if (data.length < at + expected.length) return false;
        for (int i = 0; i < expected.length; i++) {
            if (data[at + i] != expected[i]) return false;
        }
        return true;
    }
}
