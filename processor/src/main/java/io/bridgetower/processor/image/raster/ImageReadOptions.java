package io.bridgetower.processor.image.raster;

import java.util.Objects;

/**
 * How encoded images are read. Immutable; the {@code with} methods give changed copies.
 *
 * @param limits how large an image may be
 * @param exif what to do about the orientation of EXIF data
 */
public record ImageReadOptions(ImageLimits limits, Exif exif) {
    /** {@link ImageLimits#DEFAULT} and {@link Exif#APPLY}. */
    public static final ImageReadOptions DEFAULT = new ImageReadOptions(ImageLimits.DEFAULT, Exif.APPLY);

    public ImageReadOptions {
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(exif, "exif");
    }

    /** A copy with other limits. */
    public ImageReadOptions withLimits(ImageLimits limits) {
        return new ImageReadOptions(limits, exif);
    }

    /** A copy with another {@link #exif}. */
    public ImageReadOptions withExif(Exif exif) {
        return new ImageReadOptions(limits, exif);
    }
}
