package io.bridgetower.search.index;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.PixelReader;

/** Images as a model takes them. */
public final class Pixels {
    private Pixels() {}

    public static PixelReader reader(BridgeTowerModel model, ImageProcessor processor, ImageOptions options) {
        BridgeTowerVisionConfig vision = model.config().visionConfig();
        return PixelReader.of(processor, options, vision.numChannels(), vision.imageSize(), vision.patchSize());
    }

    /** Pixels of any size that a reader gives for the model. */
    public static ImageInputs inputs(Tensor pixels) {
        return ImageInputs.of(pixels).withInterpolatePosEncoding(true);
    }
}
