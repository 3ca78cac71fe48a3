package io.bridgetower.processor.image;

import io.bridgetower.engine.MalformedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Recognises a picture's format by its first bytes and hands it to that format's decoder. */
final class ImageDecoder {
    private static final int RIFF_HEADER = 12;
    private static final String EXIF_PREFIX = "Exif\0\0";

    private ImageDecoder() {}

    static RgbImage decode(byte[] data, Path name, ImageLimits limits) throws IOException {
        if (data.length == 0) throw new MalformedFileException(name, null, "not a picture: the file is empty");
        try {
            if (starts(data, 0, "\u00ff\u00d8\u00ff")) return new JpegDecoder(data, name, limits).decode();
            if (starts(data, 0, "\u0089PNG\r\n\u001a\n")) return new PngDecoder(data, name, limits).decode();
            if (starts(data, 0, "GIF87a") || starts(data, 0, "GIF89a")) {
                return new GifDecoder(data, name, limits).decode();
            }
            if (starts(data, 0, "BM")) return ImageIoDecoder.decode("bmp", data, name, limits);
            if (starts(data, 0, "II*\0") || starts(data, 0, "MM\0*")) {
                RgbImage stored = ImageIoDecoder.decode("tiff", data, name, limits);
                return ExifOrientation.apply(stored, ExifOrientation.find(data, 0, data.length));
            }
            if (starts(data, 0, "RIFF") && starts(data, 8, "WEBP")) {
                RgbImage stored = ImageIoDecoder.decode("webp", data, name, limits);
                return ExifOrientation.apply(stored, webpOrientation(data));
            }
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedFileException(name, null, "the picture is damaged or truncated", e);
        }
        throw new MalformedFileException(name, null,
                "not a picture: expected JPEG, PNG, GIF, BMP, TIFF or WebP");
    }

    private static int webpOrientation(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).position(RIFF_HEADER);
        while (in.remaining() >= 8) {
            boolean exif = starts(data, in.position(), "EXIF");
            in.position(in.position() + 4);
            long length = in.getInt() & 0xffffffffL;
            if (length > in.remaining()) break;
            if (exif) {
                int prefix = starts(data, in.position(), EXIF_PREFIX) ? EXIF_PREFIX.length() : 0;
                return ExifOrientation.find(data, in.position() + prefix, Math.max((int) length - prefix, 0));
            }
            // Chunks are padded to an even length.
            in.position((int) Math.min(in.position() + length + (length & 1), data.length));
        }
        return ExifOrientation.NORMAL;
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
