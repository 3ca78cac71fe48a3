package io.bridgetower.inputs;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerVisionConfig;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.RgbImage;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Turns images into pixel values of the shape that a model takes. Immutable and safe for use by several threads. */
public final class ImagePreparation {
    private final ImageProcessor processor;
    private final int channels;
    private final int side;

    private ImagePreparation(ImageProcessor processor, int channels, int side) {
        this.processor = Objects.requireNonNull(processor, "processor");
        this.channels = channels;
        this.side = side;
    }

    /** A preparation for the image size that the model was trained with. */
    public static ImagePreparation of(ImageProcessor processor, BridgeTowerVisionConfig config) {
        return new ImagePreparation(processor, config.numChannels(), config.imageSize());
    }

    /** A zero-filled tensor for the pixels of so many images, [images, channels, height, width]. */
    public Tensor allocate(Arena arena, int images) {
        return Tensor.allocate(arena, images, channels, side, side);
    }

    /** Bytes of the pixels of one image. */
    public long byteSize() {
        return (long) channels * side * side * Float.BYTES;
    }

    /**
     * Processes an image.
     *
     * @param to filled, [1, channels, height, width]
     * @throws IllegalArgumentException if the image cannot be resized, or the image processor makes another shape than
     *     the model takes
     */
    public void prepare(RgbImage image, Tensor to) {
        try (Arena own = Arena.ofConfined()) {
            Tensor pixels = processor.preprocess(own, List.of(image)).pixelValues();
            if (!Arrays.equals(pixels.shape(), to.shape())) {
                throw new IllegalArgumentException("the model takes pixels of shape " + Arrays.toString(to.shape())
                        + ", its image processor makes " + Arrays.toString(pixels.shape()));
            }
            to.segment().copyFrom(pixels.segment());
        }
    }

    /**
     * Processes images.
     *
     * @param arena owner of the result
     * @return [images, channels, height, width]
     * @throws IllegalArgumentException as {@link #prepare(RgbImage, Tensor)}
     */
    public Tensor prepare(Arena arena, List<RgbImage> images) {
        Tensor pixels = allocate(arena, images.size());
        for (int i = 0; i < images.size(); i++) prepare(images.get(i), pixels.slice(i, 1));
        return pixels;
    }
}
