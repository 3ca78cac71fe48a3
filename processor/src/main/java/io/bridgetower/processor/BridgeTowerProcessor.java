package io.bridgetower.processor;

import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.PixelBatch;
import io.bridgetower.processor.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A tokenizer and an image processor that belong together: turns texts and images into what a model's {@code forward}
 * takes. Immutable and safe for use by several threads.
 *
 * @param tokenizer texts to token ids
 * @param imageProcessor images to pixel values
 */
public record BridgeTowerProcessor(Tokenizer tokenizer, ImageProcessor imageProcessor) {
    /**
     * Loads both from a model directory.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     */
    public static BridgeTowerProcessor load(Path directory) throws IOException {
        return new BridgeTowerProcessor(Tokenizer.load(directory), ImageProcessor.load(directory));
    }

    /**
     * Processes texts and images, each as a batch of its own.
     *
     * @throws IllegalArgumentException if an image cannot be brought to the size that the model needs
     */
    public Inputs process(List<RgbImage> images, List<String> texts) {
        return new Inputs(tokenizer.encodeBatch(texts), imageProcessor.preprocess(images));
    }

    /**
     * What a model takes.
     *
     * @param texts {@link BatchEncoding#inputIds} and {@link BatchEncoding#attentionMask}, as long as each text is
     * @param images {@link PixelBatch#pixelValues}, [images, channels, height, width]
     */
    public record Inputs(BatchEncoding texts, PixelBatch images) {}
}
