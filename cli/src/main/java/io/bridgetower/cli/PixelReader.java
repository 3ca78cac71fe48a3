package io.bridgetower.cli;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerVisionConfig;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads pictures as a model takes them, no more than one in full size at a time. */
final class PixelReader {
    private final ImageProcessor processor;
    private final int[] shape;

    PixelReader(ImageProcessor processor, BridgeTowerVisionConfig config) {
        this.processor = processor;
        this.shape = new int[] {1, config.numChannels(), config.imageSize(), config.imageSize()};
    }

    /**
     * The pixels of all, [pictures, channels, height, width].
     *
     * @param arena their owner
     */
    Tensor read(Arena arena, List<Path> files) throws IOException, Failure {
        Tensor pixels = Tensor.allocate(arena, files.size(), shape[1], shape[2], shape[3]);
        for (int i = 0; i < files.size(); i++) read(files.get(i), pixels.slice(i, 1));
        return pixels;
    }

    private void read(Path file, Tensor to) throws IOException, Failure {
        try (Arena own = Arena.ofConfined()) {
            Tensor one = processor.preprocess(own, List.of(RgbImage.read(file))).pixelValues();
            if (!Arrays.equals(one.shape(), shape)) {
                throw new Failure(file + ": the model takes pixels of shape " + Arrays.toString(shape)
                        + ", its image processor makes " + Arrays.toString(one.shape()));
            }
            to.segment().copyFrom(one.segment());
        }
    }
}
