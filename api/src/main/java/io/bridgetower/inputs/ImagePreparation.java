package io.bridgetower.inputs;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerVisionConfig;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.image.RgbImage;
import java.lang.foreign.Arena;
import java.util.List;

/** Turns images into pixel values of the shape that a model takes. Immutable and safe for use by several threads. */
public final class ImagePreparation {
    private final PixelReader reader;

    private ImagePreparation(PixelReader reader) {
        this.reader = reader;
    }

    /** A preparation for the image size that the model was trained with. */
    public static ImagePreparation of(ImageProcessor processor, BridgeTowerVisionConfig config) {
        return new ImagePreparation(PixelReader.of(
                processor, ImageOptions.DEFAULT, config.numChannels(), config.imageSize(), config.patchSize()));
    }

    /** A zero-filled tensor for the pixels of so many images, [images, channels, height, width]. */
    public Tensor allocate(Arena arena, int images) {
        return reader.allocate(arena, images);
    }

    /** Bytes of the pixels of one image. */
    public long byteSize() {
        return reader.byteSize();
    }

    /**
     * Processes an image.
     *
     * @param to filled, [1, channels, height, width]
     * @throws IllegalArgumentException if the image cannot be resized, or the image processor makes another shape than
     *     the model takes; the message names the image
     */
    public void prepare(RgbImage image, Tensor to) {
        reader.process(image, to);
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
