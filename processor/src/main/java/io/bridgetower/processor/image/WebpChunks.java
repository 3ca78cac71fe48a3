package io.bridgetower.processor.image;

import io.bridgetower.files.MalformedFileException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The chunks of a WebP file: its orientation, and whether the sizes that it claims agree. */
final class WebpChunks {
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int ANIMATION = 2;
    private static final byte[] EXIF_PREFIX = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private final ByteBuffer in;
    private final Path name;
    private int orientation = ExifOrientation.NORMAL;
    private int canvasWidth;
    private int canvasHeight;

    /** @throws IndexOutOfBoundsException if a header is cut off */
    WebpChunks(byte[] data, Path name) throws MalformedFileException {
        this.in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        this.name = name;
        for (long at = RIFF_HEADER; at + CHUNK_HEADER <= data.length; ) {
            long length = in.getInt((int) at + 4) & 0xffffffffL;
            String type = new String(data, (int) at, 4, StandardCharsets.ISO_8859_1);
            read(type, (int) at + CHUNK_HEADER, (int) Math.min(length, data.length - at - CHUNK_HEADER));
            // Chunks are padded to an even length.
            at += CHUNK_HEADER + length + (length & 1);
        }
    }

    int orientation() {
        return orientation;
    }

    private void read(String type, int at, int length) throws MalformedFileException {
        switch (type) {
            case "VP8X" -> {
                if ((in.get(at) & ANIMATION) != 0) return;
                canvasWidth = (in.getInt(at + 4) & 0xffffff) + 1;
                canvasHeight = (in.getInt(at + 6) >>> 8) + 1;
            }
            case "VP8 " -> checkSize(in.getShort(at + 6) & 0x3fff, in.getShort(at + 8) & 0x3fff);
            case "VP8L" -> checkSize((in.getInt(at + 1) & 0x3fff) + 1, (in.getInt(at + 1) >>> 14 & 0x3fff) + 1);
            case "EXIF" -> readExif(at, length);
            default -> {}
        }
    }

    private void checkSize(int width, int height) throws MalformedFileException {
        if (canvasWidth != 0 && (width != canvasWidth || height != canvasHeight)) {
            throw new MalformedFileException(
                    name,
                    "VP8X",
                    "a canvas of %d x %d pixels for a picture of %d x %d"
                            .formatted(canvasWidth, canvasHeight, width, height));
        }
    }

    private void readExif(int at, int length) {
        int prefix = EXIF_PREFIX.length;
        boolean prefixed = length >= prefix && in.slice(at, prefix).equals(ByteBuffer.wrap(EXIF_PREFIX));
        int skip = prefixed ? prefix : 0;
        orientation = ExifOrientation.find(in.array(), at + skip, length - skip);
    }
}
