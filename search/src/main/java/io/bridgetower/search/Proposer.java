package io.bridgetower.search;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.image.raster.RgbImage;
import io.bridgetower.search.index.Caption;
import io.bridgetower.search.index.EmbeddingIndex;
import io.bridgetower.search.index.Hit;
import io.bridgetower.search.index.IndexedImage;
import io.bridgetower.search.index.Scan;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * The first stage of a search: embeds a query and finds what is nearest. One tower reads the query, nothing reads what is
 * found.
 *
 * <p>Safe for use by several threads at once. Index and model stay the caller's to close.
 */
public final class Proposer {
    private final EmbeddingIndex index;
    private final BridgeTowerForContrastiveLearning model;
    private final PixelReader reader;
    private final TextPreparation texts;

    /** A proposer for images that are processed with {@link ImageOptions#DEFAULT}. */
    public Proposer(EmbeddingIndex index, BridgeTowerForContrastiveLearning model, BridgeTowerProcessor processor) {
        this(index, model, processor, ImageOptions.DEFAULT);
    }

    /**
     * @param index of this model and these options
     * @param processor that of the model
     * @throws IllegalArgumentException if the model cannot take images of the options' size
     */
    public Proposer(
            EmbeddingIndex index,
            BridgeTowerForContrastiveLearning model,
            BridgeTowerProcessor processor,
            ImageOptions options) {
        this.index = index;
        this.model = model;
        this.reader = Pixels.reader(model.trunk().config().visionConfig(), processor.imageProcessor(), options);
        this.texts =
                TextPreparation.of(processor.tokenizer(), model.trunk().config().textConfig());
    }

    /**
     * Images for a text; as {@link EmbeddingIndex#images}.
     *
     * @throws IllegalArgumentException if the text is longer than the model can read
     */
    public List<Hit<IndexedImage>> images(String text, int k, Scan scan) throws IOException {
        TextInputs query = TextInputs.of(new int[][] {texts.ids(text)});
        try (Arena arena = Arena.ofConfined()) {
            return index.images(model.textEmbeds(arena, query).toArray(), k, scan);
        }
    }

    /** Captions for an image; as {@link EmbeddingIndex#captions}. */
    public List<Hit<Caption>> captions(RgbImage image, int k, Scan scan) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Tensor pixels = reader.allocate(arena, 1);
            reader.process(image, pixels);
            return index.captions(
                    model.imageEmbeds(arena, Pixels.inputs(pixels)).toArray(), k, scan);
        }
    }
}
