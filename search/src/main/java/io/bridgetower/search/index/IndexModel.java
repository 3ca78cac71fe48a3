package io.bridgetower.search.index;

import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.ImageProcessor;

/**
 * What made the vectors of an index. Vectors of different models say nothing about each other.
 *
 * @param name where the model was found: a directory, or a name on the Hub
 * @param fingerprint what tells it from others
 * @param width elements of a vector
 * @param imageProcessor how images became pixels
 */
public record IndexModel(String name, String fingerprint, int width, String imageProcessor) {
    /**
     * That of a loaded model, for images that are read with {@link ImageOptions#DEFAULT}; may take as long as {@link
     * BridgeTowerForContrastiveLearning#fingerprint}.
     */
    public static IndexModel of(String name, BridgeTowerForContrastiveLearning model, ImageProcessor processor) {
        return of(name, model, processor, ImageOptions.DEFAULT);
    }

    /**
     * That of a loaded model; may take as long as {@link BridgeTowerForContrastiveLearning#fingerprint}.
     *
     * @throws IllegalArgumentException if the model cannot take images of the options' size
     */
    public static IndexModel of(
            String name, BridgeTowerForContrastiveLearning model, ImageProcessor processor, ImageOptions options) {
        return new IndexModel(
                name,
                model.fingerprint(),
                model.trunk().config().contrastiveHiddenSize(),
                Pixels.reader(model.trunk().config().visionConfig(), processor, options)
                        .identity());
    }
}
