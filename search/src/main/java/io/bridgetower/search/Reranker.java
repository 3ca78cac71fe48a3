package io.bridgetower.search;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.image.raster.RgbImage;
import io.bridgetower.search.index.Caption;
import io.bridgetower.search.index.Hit;
import io.bridgetower.search.index.IndexedImage;
import io.bridgetower.search.index.Item;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The second stage of a search: reads each proposal together with the query, in cross-modal layers, and orders them by the
 * probability that they match. The query is encoded once.
 *
 * <p>Safe for use by several threads at once. Owns threads that decode images, and memory for their pixels, until {@link
 * #close}; both are made once, when they are first needed, and shared by all calls. The model stays the caller's to close.
 */
public final class Reranker implements AutoCloseable {
    /** Captions that are encoded and paired in one call. */
    private static final int CAPTIONS = 64;

    /** Images that are decoded, encoded and paired in one call: enough for all threads, in bounded memory. */
    private static final int IMAGES = Math.min(Batches.size(), 32);

    private final BridgeTowerForImageAndTextRetrieval model;
    private final PixelReader reader;
    private final TextPreparation texts;
    private final ImageLoaders decoders;

    /** A reranker for images that are read with {@link ImageOptions#DEFAULT}. */
    public Reranker(BridgeTowerForImageAndTextRetrieval model, BridgeTowerProcessor processor) {
        this(model, processor, ImageOptions.DEFAULT);
    }

    /**
     * @param processor that of the model
     * @param options those of the index, as a rule
     * @throws IllegalArgumentException if the model cannot take images of the options' size
     */
    public Reranker(BridgeTowerForImageAndTextRetrieval model, BridgeTowerProcessor processor, ImageOptions options) {
        this.model = model;
        this.reader = Pixels.reader(model.trunk().config().visionConfig(), processor.imageProcessor(), options);
        this.texts =
                TextPreparation.of(processor.tokenizer(), model.trunk().config().textConfig());
        this.decoders = new ImageLoaders(count -> new ImageLoader(reader, count, count));
    }

    /**
     * Ranks images, which are read again from their paths, for a text.
     *
     * @throws IllegalArgumentException if the text is longer than the model can read
     * @throws IllegalStateException if this or the model is closed, or the thread is interrupted
     */
    public Ranking<IndexedImage> images(String text, List<Hit<IndexedImage>> proposals) {
        List<Ranked<IndexedImage>> ranked = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        TextEncoding[] query = model.trunk().encodeTexts(new int[][] {texts.ids(text)}, null);
        try {
            for (int first = 0; first < proposals.size(); first += IMAGES) {
                List<Hit<IndexedImage>> some = proposals.subList(first, Math.min(first + IMAGES, proposals.size()));
                decoders.use(some.size(), decoder -> rank(some, query, decoder, ranked, skipped));
            }
        } finally {
            query[0].close();
        }
        return new Ranking<>(bestFirst(ranked), skipped);
    }

    /**
     * Ranks captions for an image.
     *
     * @throws IllegalStateException if the model is closed
     */
    public Ranking<Caption> captions(RgbImage image, List<Hit<Caption>> proposals) {
        List<Ranked<Caption>> ranked = new ArrayList<>();
        ImageEncoding[] query = encode(image);
        try {
            for (int first = 0; first < proposals.size(); first += CAPTIONS) {
                List<Hit<Caption>> some = proposals.subList(first, Math.min(first + CAPTIONS, proposals.size()));
                int[][] ids =
                        some.stream().map(hit -> texts.ids(hit.item().text())).toArray(int[][]::new);
                TextEncoding[] texts = model.trunk().encodeTexts(ids, null);
                rank(some, model.logits(texts, query, Pairing.all(texts.length, 1)), ranked);
                for (TextEncoding text : texts) text.close();
            }
        } finally {
            query[0].close();
        }
        return new Ranking<>(bestFirst(ranked), List.of());
    }

    /** Waits for images that are being read, then ends the threads and frees the memory. Closing again does nothing. */
    @Override
    public void close() {
        decoders.close();
    }

    private void rank(
            List<Hit<IndexedImage>> proposals,
            TextEncoding[] query,
            ImageLoader decoder,
            List<Ranked<IndexedImage>> ranked,
            List<Skipped> skipped) {
        for (Hit<IndexedImage> hit : proposals) decoder.begin(hit.item().path());
        List<Hit<IndexedImage>> sound = new ArrayList<>();
        List<Integer> slots = new ArrayList<>();
        for (Hit<IndexedImage> hit : proposals) {
            ImageLoader.Decoded decoded = decoder.take();
            if (decoded.problem() == null) {
                sound.add(hit);
                slots.add(decoded.slot());
            } else {
                skipped.add(new Skipped(hit.item().toString(), decoded.problem()));
            }
        }
        if (sound.isEmpty()) return;
        ImageEncoding[] images = model.trunk().encodeImages(Pixels.inputs(decoder.gather(slots)));
        rank(sound, model.logits(query, images, Pairing.all(1, images.length)), ranked);
        for (ImageEncoding image : images) image.close();
    }

    private static <T extends Item> void rank(List<Hit<T>> hits, float[][] logits, List<Ranked<T>> ranked) {
        for (int i = 0; i < hits.size(); i++) {
            double probability = BridgeTowerForImageAndTextRetrieval.probability(logits[i]);
            ranked.add(new Ranked<>(hits.get(i).item(), hits.get(i).similarity(), probability));
        }
    }

    private static <T extends Item> List<Ranked<T>> bestFirst(List<Ranked<T>> ranked) {
        ranked.sort(Comparator.comparingDouble((Ranked<T> one) -> -one.probability()));
        return ranked;
    }

    private ImageEncoding[] encode(RgbImage image) {
        try (Arena arena = Arena.ofConfined()) {
            Tensor pixels = reader.allocate(arena, 1);
            reader.process(image, pixels);
            return model.trunk().encodeImages(Pixels.inputs(pixels));
        }
    }
}
