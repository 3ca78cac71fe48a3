package io.bridgetower.processor.image;

/**
 * The size that a centre crop leaves.
 *
 * @param height rows
 * @param width columns
 */
public record CropSize(int height, int width) {
    /** @throws IllegalArgumentException if a side is not 1 to {@value ImageProcessorConfig#LARGEST_SIDE} */
    public CropSize {
        ImageProcessorConfig.checkRange("crop_size", height);
        ImageProcessorConfig.checkRange("crop_size", width);
    }

    /** The same length on both sides. */
    public static CropSize square(int side) {
        return new CropSize(side, side);
    }
}
