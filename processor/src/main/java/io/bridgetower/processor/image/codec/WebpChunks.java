package io.bridgetower.processor.image.codec;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.ExifOrientation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** The chunks of a WebP file: its orientation, the place of its first frame, and whether the sizes it claims agree. */
final class WebpChunks {
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int FRAME_HEADER = 16;
    private static final int FLAGS = RIFF_HEADER + CHUNK_HEADER;
    private static final int ANIMATION = 0x02;
    private static final int PROFILE = 0x20;
    private static final byte[] EXIF_PREFIX = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private final ByteBuffer in;
    private final Path name;
    private int orientation = ExifOrientation.NORMAL;
    private boolean extended;
    private boolean animated;
    private boolean inFrame;
    private int canvasWidth;
    private int canvasHeight;
    private int left;
    private int top;
    /** The size of the first frame; 0 before it is known. */
    private int width;

    private int height;
    private int codedBytes;

    /** @throws IndexOutOfBoundsException if a header is cut off */
    WebpChunks(byte[] data, Path name) throws MalformedFileException {
        this.in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        this.name = name;
        walk(RIFF_HEADER, data.length);
        checkCoded();
        if (!extended) {
            canvasWidth = width;
            canvasHeight = height;
        }
        if (animated ? left + width > canvasWidth || top + height > canvasHeight : !fills()) {
            throw new MalformedFileException(
                    name,
                    "VP8X",
                    String.format(
                            Locale.ROOT,
                            "a canvas of %d x %d pixels for an image of %d x %d",
                            canvasWidth,
                            canvasHeight,
                            left + width,
                            top + height));
        }
    }

    int orientation() {
        return orientation;
    }

    int canvasWidth() {
        return canvasWidth;
    }

    int canvasHeight() {
        return canvasHeight;
    }

    /** Columns of the canvas before those of the first frame. */
    int left() {
        return left;
    }

    /** Rows of the canvas above those of the first frame. */
    int top() {
        return top;
    }

    /** Bytes that hold the colours of the first frame. */
    int codedBytes() {
        return codedBytes;
    }

    /** The file as one without a colour profile, which the reader would apply. */
    byte[] withoutProfile() {
        if (!extended || (in.get(FLAGS) & PROFILE) == 0) return in.array();
        byte[] copy = in.array().clone();
        copy[FLAGS] &= ~PROFILE;
        return copy;
    }

    private void checkCoded() throws MalformedFileException {
        if (codedBytes == 0) throw new MalformedFileException(name, null, "WebP: no image before the end");
    }

    private boolean fills() {
        return width == canvasWidth && height == canvasHeight;
    }

    private void walk(int from, int end) throws MalformedFileException {
        for (long at = from; at + CHUNK_HEADER <= end; ) {
            long length = in.getInt((int) at + 4) & 0xffffffffL;
            String type = new String(in.array(), (int) at, 4, StandardCharsets.ISO_8859_1);
            read(type, (int) at + CHUNK_HEADER, (int) Math.min(length, end - at - CHUNK_HEADER));
            // Chunks are padded to an even length.
            at += CHUNK_HEADER + length + (length & 1);
        }
    }

    private void read(String type, int at, int length) throws MalformedFileException {
        switch (type) {
            case "VP8X" -> {
                // Elsewhere, the reader ignores it.
                if (at != FLAGS) return;
                extended = true;
                animated = (in.get(at) & ANIMATION) != 0;
                canvasWidth = (in.getInt(at + 4) & 0xffffff) + 1;
                canvasHeight = (in.getInt(at + 6) >>> 8) + 1;
            }
            case "ANMF" -> readFrame(at, length);
            case "VP8 " -> readSize(length, in.getShort(at + 6) & 0x3fff, in.getShort(at + 8) & 0x3fff);
            case "VP8L" -> readSize(length, (in.getInt(at + 1) & 0x3fff) + 1, (in.getInt(at + 1) >>> 14 & 0x3fff) + 1);
            case "EXIF" -> readExif(at, length);
            default -> {}
        }
    }

    private void readFrame(int at, int length) throws MalformedFileException {
        if (!animated || inFrame || codedBytes != 0) return;
        left = 2 * (in.getInt(at) & 0xffffff);
        top = 2 * (in.getInt(at + 2) >>> 8);
        width = (in.getInt(at + 6) & 0xffffff) + 1;
        height = (in.getInt(at + 8) >>> 8) + 1;
        inFrame = true;
        walk(at + FRAME_HEADER, at + length);
        inFrame = false;
        checkCoded();
    }

    private void readSize(int length, int codedWidth, int codedHeight) throws MalformedFileException {
        if (animated && !inFrame) return;
        if (codedBytes == 0) codedBytes = length;
        if (width == 0) {
            width = codedWidth;
            height = codedHeight;
        } else if (width != codedWidth || height != codedHeight) {
            throw new MalformedFileException(
                    name,
                    "size",
                    String.format(
                            Locale.ROOT,
                            "a frame of %d x %d pixels for an image of %d x %d",
                            width,
                            height,
                            codedWidth,
                            codedHeight));
        }
    }

    private void readExif(int at, int length) {
        int prefix = EXIF_PREFIX.length;
        boolean prefixed = length >= prefix && in.slice(at, prefix).equals(ByteBuffer.wrap(EXIF_PREFIX));
        int skip = prefixed ? prefix : 0;
        orientation = ExifOrientation.find(in.array(), at + skip, length - skip);
    }
}
