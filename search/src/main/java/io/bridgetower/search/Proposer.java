package io.bridgetower.search;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.ImageInputs;
import io.bridgetower.model.TextInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.RgbImage;
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
    private final ImageProcessor imageProcessor;
    private final TokenIds tokens;

    /**
     * @param index of this model
     * @param processor that of the model
     */
    public Proposer(EmbeddingIndex index, BridgeTowerForContrastiveLearning model, BridgeTowerProcessor processor) {
        this.index = index;
        this.model = model;
        this.imageProcessor = processor.imageProcessor();
        this.tokens = new TokenIds(
                processor.tokenizer(), model.trunk().config().textConfig().maxTokens());
    }

    /**
     * Pictures for a text; as {@link EmbeddingIndex#pictures}.
     *
     * @throws IllegalArgumentException if the text is longer than the model can read
     */
    public List<Hit<Picture>> pictures(String text, int k, Scan scan) throws IOException {
        TextInputs query = TextInputs.of(new int[][] {tokens.of(text)});
        try (Arena arena = Arena.ofConfined()) {
            return index.pictures(model.textEmbeds(arena, query).toArray(), k, scan);
        }
    }

    /** Captions for a picture; as {@link EmbeddingIndex#captions}. */
    public List<Hit<Caption>> captions(RgbImage picture, int k, Scan scan) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Tensor pixels = imageProcessor.preprocess(arena, List.of(picture)).pixelValues();
            return index.captions(
                    model.imageEmbeds(arena, ImageInputs.of(pixels)).toArray(), k, scan);
        }
    }
}
