package io.bridgetower.inputs;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.processor.image.ChannelOrder;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.ImageProcessorConfig;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.image.raster.RgbImage;
import java.lang.foreign.Arena;
import java.util.List;

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

    /**
     * An image as a model sees it: resized and cropped, before its colours become other numbers.
     *
     * @throws IllegalArgumentException if it cannot be brought to a size
     */
    public static RgbImage seen(PixelReader reader, RgbImage image) {
        ImageProcessorConfig config = reader.processor().config();
        ImageProcessor colours = new ImageProcessor(
                config.toBuilder().doRescale(false).doNormalize(false).build());
        try (Arena arena = Arena.ofConfined()) {
            Tensor pixels = colours.preprocess(arena, List.of(image)).pixelValues();
            boolean isLast = config.channelOrder() == ChannelOrder.CHANNELS_LAST;
            int height = pixels.dim(isLast ? 1 : 2), width = pixels.dim(isLast ? 2 : 3), size = height * width;
            float[] values = pixels.toArray();
            byte[] rgb = new byte[values.length];
            for (int i = 0; i < rgb.length; i++) {
                rgb[i] = (byte) (int) (isLast ? values[i] : values[i % 3 * size + i / 3]);
            }
            return RgbImage.of(width, height, rgb);
        }
    }
}
