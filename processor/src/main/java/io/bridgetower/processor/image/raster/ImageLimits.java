package io.bridgetower.processor.image.raster;

import io.bridgetower.files.MalformedFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How large an image may be, checked against what its header claims before memory is set aside for it.
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

    private static final long MAX_PIXELS = Integer.MAX_VALUE / Resizer.CHANNELS - 8;
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

    /** Up to so many pixels (12 MiB), memory is allocated without comparing with the size of the file. */
    private static final long SMALL_PIXELS = 1 << 22;

    /**
     * Pixels for each byte where a format has no limit of its own, since it can repeat a colour for next to nothing:
     * images with content need more.
     */
    public static final long BLANK_RATIO = 1 << 15;

    /** Pixels for each byte, beyond which a file of any format is blank in large parts, or not whole. */
    private static final long USUAL_RATIO = 1 << 6;

    /**
     * @throws IllegalArgumentException if a limit is not positive or passes what a Java array can hold: about 715
     *     million pixels, about 2 GiB of file
     */
    public ImageLimits {
        if (pixels < 1 || pixels > MAX_PIXELS) {
            throw new IllegalArgumentException("pixel limit: expected 1 to " + MAX_PIXELS + ", found " + pixels);
        }
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("byte limit: expected 1 to " + MAX_BYTES + ", found " + bytes);
        }
    }

    public void checkSize(Path name, long width, long height) throws MalformedFileException {
        if (width < 1 || height < 1) {
            throw new MalformedFileException(name, "size", "the image has no pixels: " + width + " x " + height);
        }
        if (width > pixels || height > pixels || width * height > pixels) {
            throw new MalformedFileException(
                    name,
                    "size",
                    String.format(Locale.ROOT, "%d x %d pixels are more than the limit of %d", width, height, pixels));
        }
    }

    /**
     * Refuses an image that claims more pixels than its file can hold.
     *
     * @param found bytes that the file has for the pixels
     * @param least bytes that so many pixels need when they are compressed as far as the format allows
     */
    public void checkContent(Path name, long width, long height, long found, long least) throws MalformedFileException {
        if (width * height > SMALL_PIXELS && found < least) {
            throw new MalformedFileException(
                    name,
                    "size",
                    String.format(
                            Locale.ROOT,
                            "%d bytes are too few for %d x %d pixels, expected %d or more",
                            found,
                            width,
                            height,
                            least));
        }
    }

    /** Whether to look through the compressed data before memory is set aside for what they claim to be. */
    public boolean isDoubtful(long width, long height, long found) {
        return width * height > Math.max(SMALL_PIXELS, found * USUAL_RATIO);
    }

    public void checkBytes(Path name, long length) throws MalformedFileException {
        if (length > bytes) {
            throw new MalformedFileException(
                    name,
                    null,
                    String.format(Locale.ROOT, "the file has %d bytes or more, the limit is %d", length, bytes));
        }
    }
}
