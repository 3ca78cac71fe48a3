package io.bridgetower.processor.image.raster;

/** What to do about the orientation that EXIF data give for an image. */
public enum Exif {
    /** Turn the image upright, as viewers show it. */
    APPLY,
    /** Take the pixels as they are stored. */
    IGNORE;

    /** The image as this mode demands it. */
    public RgbImage orient(RgbImage stored, int orientation) {
        return this == APPLY ? ExifOrientation.apply(stored, orientation) : stored;
    }
}
