package io.bridgetower.processor.image;

import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import java.util.Objects;

/**
 * How images are read and at which size they enter a model. Immutable; the {@code with} methods give changed copies.
 *
 * @param reading how files are read
 * @param size side of the images in pixels, in place of the image processor's {@code size} and {@code crop_size}; 0 for
 *     what the image processor's configuration says. A size implies interpolation
 * @param interpolatePosEncoding whether images may have another size than the model was made for, which then
 *     interpolates its position embeddings
 */
public record ImageOptions(ImageReadOptions reading, int size, boolean interpolatePosEncoding) {
    /** {@link ImageReadOptions#DEFAULT}, images of the model's size. */
    public static final ImageOptions DEFAULT = new ImageOptions(ImageReadOptions.DEFAULT, 0, false);

    /** @throws IllegalArgumentException if the size is negative */
    public ImageOptions {
        Objects.requireNonNull(reading, "reading");
        if (size < 0) throw new IllegalArgumentException("image size: expected 1 or more, found " + size);
        interpolatePosEncoding |= size > 0;
    }

    /** A copy with another {@link Exif} mode. */
    public ImageOptions withExif(Exif exif) {
        return new ImageOptions(reading.withExif(exif), size, interpolatePosEncoding);
    }

    /** A copy for images of this size. */
    public ImageOptions withSize(int size) {
        return new ImageOptions(reading, size, interpolatePosEncoding);
    }

    /** A copy with or without interpolation. */
    public ImageOptions withInterpolatePosEncoding(boolean interpolatePosEncoding) {
        return new ImageOptions(reading, size, interpolatePosEncoding);
    }
}
