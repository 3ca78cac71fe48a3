package io.bridgetower.processor.image;

import io.bridgetower.files.MalformedFileException;
import java.nio.file.Path;

/**
 * How large a picture may be, checked against what its header claims before memory is set aside for it.
 *
 * @param pixels most pixels (width × height)
 * @param bytes most bytes of the encoded file
 */
public record ImageLimits(long pixels, long bytes) {
    /** Pillow's limit of {@value} pixels, beyond which it warns of a decompression bomb. */
    public static final long DEFAULT_PIXELS = 178_956_970;

    /** 1 GiB of encoded file. */
    public static final long DEFAULT_BYTES = 1L << 30;

    /** {@value #DEFAULT_PIXELS} pixels from at most {@value #DEFAULT_BYTES} bytes. */
    public static final ImageLimits DEFAULT = new ImageLimits(DEFAULT_PIXELS, DEFAULT_BYTES);

    private static final long MOST_PIXELS = Integer.MAX_VALUE / Resizer.CHANNELS - 8;
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8;

    /**
     * @throws IllegalArgumentException if a limit is not positive or passes what a Java array can hold: about 715
     *     million pixels, about 2 GiB of file
     */
    public ImageLimits {
        if (pixels < 1 || pixels > MOST_PIXELS) {
            throw new IllegalArgumentException("pixel limit: expected 1 to " + MOST_PIXELS + ", found " + pixels);
        }
        if (bytes < 1 || bytes > MOST_BYTES) {
            throw new IllegalArgumentException("byte limit: expected 1 to " + MOST_BYTES + ", found " + bytes);
        }
    }

    void checkSize(Path name, long width, long height) throws MalformedFileException {
        if (width < 1 || height < 1) {
            throw new MalformedFileException(name, "size", "the picture has no pixels: " + width + " x " + height);
        }
        if (width > pixels || height > pixels || width * height > pixels) {
            throw new MalformedFileException(
                    name, "size", "%d x %d pixels are more than the limit of %d".formatted(width, height, pixels));
        }
    }

    void checkBytes(Path name, long length) throws MalformedFileException {
        if (length > bytes) {
            throw new MalformedFileException(
                    name, null, "the file has %d bytes or more, the limit is %d".formatted(length, bytes));
        }
    }
}
