package io.bridgetower.processor;

import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.ImageProcessorConfig;
import io.bridgetower.processor.image.PixelBatch;
import io.bridgetower.processor.image.raster.RgbImage;
import io.bridgetower.processor.text.BatchEncoding;
import io.bridgetower.processor.text.EncodingOptions;
import io.bridgetower.processor.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A tokenizer and an image processor that belong together: turns texts and images into what a model's {@code forward}
 * takes, and tokens back into text. Immutable and safe for use by several threads.
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
     * Writes both into a model directory, from which {@link #load} and Hugging Face Transformers make a processor that
     * does the same; see {@link Tokenizer#save} and {@link ImageProcessor#save}.
     *
     * @param directory created if need be
     * @throws IOException if a file cannot be written
     */
    public void save(Path directory) throws IOException {
        tokenizer.save(directory);
        imageProcessor.save(directory);
    }

    /**
     * Processes texts and images, each as its own batch, with {@link EncodingOptions#DEFAULT} and the image
     * processor's configuration.
     *
     * @throws IllegalArgumentException if an image cannot be brought to the size that the model needs
     */
    public Inputs process(List<RgbImage> images, List<String> texts) {
        return process(images, texts, EncodingOptions.DEFAULT, imageProcessor.config());
    }

    /**
     * Processes texts and images, each as its own batch.
     *
     * @param images one or more
     * @param texts any number
     * @param textOptions padding, truncation and what else is to be done with the texts
     * @param imageOptions used in place of the image processor's configuration, as in
     *     {@code processor.imageProcessor().config().toBuilder().size(384).build()}
     * @throws IllegalArgumentException if there is no image, if an image or a text cannot be processed as the options
     *     demand, or if images come out in different sizes that must not be padded
     */
    public Inputs process(
            List<RgbImage> images, List<String> texts, EncodingOptions textOptions, ImageProcessorConfig imageOptions) {
        return new Inputs(tokenizer.encodeBatch(texts, textOptions), imageProcessor.preprocess(images, imageOptions));
    }

    /**
     * Processes pairs of texts and images, as {@link #process(List, List, EncodingOptions, ImageProcessorConfig)} does
     * texts and images.
     *
     * @param texts the first of each pair
     * @param pairs the second of each pair
     */
    public Inputs process(
            List<RgbImage> images,
            List<String> texts,
            List<String> pairs,
            EncodingOptions textOptions,
            ImageProcessorConfig imageOptions) {
        return new Inputs(
                tokenizer.encodeBatch(texts, pairs, textOptions), imageProcessor.preprocess(images, imageOptions));
    }

    /** The text of {@code ids}; see {@link Tokenizer#decode(int[], boolean)}. */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return tokenizer.decode(ids, skipSpecialTokens);
    }

    /** The text of {@code ids}; see {@link Tokenizer#decode(int[], boolean, boolean)}. */
    public String decode(int[] ids, boolean skipSpecialTokens, boolean cleanUpSpaces) {
        return tokenizer.decode(ids, skipSpecialTokens, cleanUpSpaces);
    }

    /** The text of each row of {@code ids}; see {@link Tokenizer#batchDecode(int[][], boolean)}. */
    public List<String> batchDecode(int[][] ids, boolean skipSpecialTokens) {
        return tokenizer.batchDecode(ids, skipSpecialTokens);
    }

    /** The text of each row of {@code ids}; see {@link Tokenizer#batchDecode(int[][], boolean, boolean)}. */
    public List<String> batchDecode(int[][] ids, boolean skipSpecialTokens, boolean cleanUpSpaces) {
        return tokenizer.batchDecode(ids, skipSpecialTokens, cleanUpSpaces);
    }

    /**
     * What a model takes. The images own their memory, until {@link #close}.
     *
     * @param texts {@link BatchEncoding#inputIds} and {@link BatchEncoding#attentionMask}, as long as each text is
     *     unless they are padded
     * @param images {@link PixelBatch#pixelValues}, [images, channels, height, width]
     */
    public record Inputs(BatchEncoding texts, PixelBatch images) implements AutoCloseable {
        /** Frees the images: {@link PixelBatch#close}. Closing again does nothing. */
        @Override
        public void close() {
            images.close();
        }
    }
}
