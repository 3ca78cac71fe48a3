package io.bridgetower.inputs;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.PixelReader;

/** Images as a model takes them. */
public final class Pixels {
    private Pixels() {}

    /** @throws IllegalArgumentException if the model cannot take images of the size that the options ask for */
    public static PixelReader reader(BridgeTowerVisionConfig model, ImageProcessor processor, ImageOptions options) {
        return PixelReader.of(processor, options, model.numChannels(), model.imageSize(), model.patchSize());
    }

    /** Pixels of any size that a reader gives for the model, [images, channels, height, width]. */
    public static ImageInputs inputs(Tensor pixels) {
        return ImageInputs.of(pixels).withInterpolatePosEncoding(true);
    }
}
