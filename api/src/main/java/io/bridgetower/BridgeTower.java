package io.bridgetower;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.FiniteValues;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.EncodingCache;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A BridgeTower model, ready for texts and images: it tells how well a text describes an image, fills masked words of a
 * text from what an image shows, and turns texts, images and pairs of both into vectors.
 *
 * <pre>{@code
 * try (var bridgeTower = BridgeTower.load("BridgeTower/bridgetower-large-itm-mlm-itc")) {
 *     Image image = Image.read(Path.of("cat.jpg"));
 *     for (Score score : bridgeTower.score(image, List.of("a cat", "a dog"))) {
 *         System.out.println(score.text() + " " + score.probability());
 *     }
 * }
 * }</pre>
 *
 * <p>Which of these a checkpoint can do depends on the {@linkplain Head heads} that it holds; a method that needs a missing
 * one throws {@link UnsupportedOperationException}. Texts and images that were seen before are not encoded again as long
 * as the cache has room for them. A result has the same bits whatever was computed before, with it or at the same time.
 *
 * <p>Safe for use by several threads at once; a call uses all threads of the model. Owns the memory of the weights until
 * {@link #close}; calls after that throw {@link IllegalStateException}.
 */
public final class BridgeTower implements AutoCloseable {
    /** Pairs computed in one call of the model: calls of other threads get their turn between two of them. */
    private static final int PAIRS = 64;

    /** Images encoded in one call: enough to keep all threads busy, in bounded memory. */
    private static final int IMAGES = 16;

    private final Loaded loaded;
    private final TextPreparation texts;
    private final PixelReader images;
    private final MaskFiller filler;
    private final Encodings encodings;

    BridgeTower(Loaded loaded, TextPreparation texts, PixelReader images, long cacheBytes) {
        this.loaded = loaded;
        this.texts = texts;
        this.images = images;
        filler = new MaskFiller(loaded.processor().tokenizer());
        encodings = new Encodings(loaded.trunk(), texts, images, cacheBytes);
    }

    /**
     * Loads a model with default options.
     *
     * @param model a directory as Hugging Face Transformers saves it, or a name on the Hugging Face Hub, which is looked for in
     *     the cache that Python's libraries share and downloaded if it is not there
     * @throws java.nio.file.NoSuchFileException if a file is missing
     * @throws io.bridgetower.files.MalformedFileException if a file is not what it should be
     * @throws IOException if the model cannot be read or downloaded
     */
    public static BridgeTower load(String model) throws IOException {
        return builder(model).load();
    }

    /** Loads a directory with default options; throws as {@link #load(String)}. */
    public static BridgeTower load(Path directory) throws IOException {
        return builder(directory).load();
    }

    /** Options for a model, which {@link BridgeTowerBuilder#load} loads; the name as for {@link #load(String)}. */
    public static BridgeTowerBuilder builder(String model) {
        return new BridgeTowerBuilder(model);
    }

    /** Options for a model in a directory. */
    public static BridgeTowerBuilder builder(Path directory) {
        return new BridgeTowerBuilder(directory.toString());
    }

    /** The heads that the checkpoint holds. */
    public Set<Head> heads() {
        return loaded.heads();
    }

    /**
     * How well each text describes an image.
     *
     * @return in the order of the texts
     * @throws UnsupportedOperationException if the checkpoint has no {@link Head#MATCHING} head
     * @throws IllegalArgumentException if a text has more tokens than the model reads, or the image cannot be processed
     * @throws IllegalStateException if this is closed
     */
    public List<Score> score(Image image, List<String> descriptions) {
        BridgeTowerForImageAndTextRetrieval model = matching();
        List<Score> scores = new ArrayList<>(descriptions.size());
        try (Encodings.Leased<ImageEncoding> encodedImage = encodings.images(List.of(image))) {
            for (List<String> some : parts(descriptions, PAIRS)) {
                try (Encodings.Leased<TextEncoding> encodedTexts = encodings.texts(some)) {
                    float[][] logits =
                            model.logits(encodedTexts.values(), encodedImage.values(), Pairing.all(some.size(), 1));
                    for (int i = 0; i < logits.length; i++) scores.add(score(some.get(i), logits[i]));
                }
            }
        }
        return scores;
    }

    /** How well a text describes an image; throws as {@link #score(Image, List)}. */
    public Score score(Image image, String description) {
        return score(image, List.of(description)).getFirst();
    }

    /**
     * Ranks images by how well a text describes them. To find the best of very many, compare {@linkplain #embed(String)
     * embeddings} first and rank the nearest.
     *
     * @throws UnsupportedOperationException if the checkpoint has no {@link Head#MATCHING} head
     * @throws IllegalArgumentException if the text has more tokens than the model reads, or an image cannot be processed
     * @throws IllegalStateException if this is closed
     */
    public Ranking rank(String description, List<Image> candidates) {
        BridgeTowerForImageAndTextRetrieval model = matching();
        List<Ranking.Place> places = new ArrayList<>(candidates.size());
        try (Encodings.Leased<TextEncoding> encodedText = encodings.texts(List.of(description))) {
            for (List<Image> some : parts(candidates, IMAGES)) {
                try (Encodings.Leased<ImageEncoding> encodedImages = encodings.images(some)) {
                    float[][] logits =
                            model.logits(encodedText.values(), encodedImages.values(), Pairing.all(1, some.size()));
                    for (float[] pair : logits) {
                        places.add(new Ranking.Place(
                                places.size(), score(description, pair).probability()));
                    }
                }
            }
        }
        return Ranking.of(places);
    }

    /** Ranks texts by how well they describe an image; throws as {@link #score(Image, List)}. */
    public Ranking rank(Image image, List<String> candidates) {
        List<Score> scores = score(image, candidates);
        List<Ranking.Place> places = new ArrayList<>(scores.size());
        for (Score score : scores) places.add(new Ranking.Place(places.size(), score.probability()));
        return Ranking.of(places);
    }

    /**
     * Fills every {@code <mask>} of a text with the words that an image suggests.
     *
     * @param top how many words for each mask, 1 or more
     * @return one for each mask, in the order of the text
     * @throws UnsupportedOperationException if the checkpoint has no {@link Head#MASKED_LM} head
     * @throws IllegalArgumentException if the text has no mask or more tokens than the model reads, or the image cannot be
     *     processed
     * @throws IllegalStateException if this is closed
     */
    public List<Filled> fill(Image image, String text, int top) {
        if (top < 1) throw new IllegalArgumentException("top: expected 1 or more, found " + top);
        BridgeTowerForMaskedLM model = maskedLM();
        int[] masks = filler.masks(texts.ids(text));
        try (Encodings.Leased<ImageEncoding> encodedImage = encodings.images(List.of(image));
                Encodings.Leased<TextEncoding> encodedText = encodings.texts(List.of(text))) {
            List<Filled> filled = new ArrayList<>();
            model.logitsAt(
                    encodedText.values(),
                    encodedImage.values(),
                    Pairing.oneToOne(1),
                    new int[][] {masks},
                    (pair, mask, logits) -> filled.add(filler.fill(mask, logits, top)));
            return filled;
        }
    }

    /** The text with the best word at every {@code <mask>}; throws as {@link #fill}. */
    public String complete(Image image, String text) {
        return filler.complete(texts.ids(text), fill(image, text, 1));
    }

    /**
     * Tells where in an image each word of a text looks.
     *
     * @throws IllegalArgumentException if the text has no words or more tokens than the model reads, or the image cannot be
     *     processed
     * @throws IllegalStateException if this is closed
     */
    public Explanation explain(Image image, String text) {
        return Explanation.of(loaded.trunk(), images, image, texts.encode(text), text);
    }

    /**
     * The vector of a text, to compare with those of images, texts and pairs by their dot product.
     *
     * @return of length 1
     * @throws UnsupportedOperationException if the checkpoint has no {@link Head#CONTRASTIVE} heads
     * @throws IllegalArgumentException if the text has more tokens than the model reads
     * @throws IllegalStateException if this is closed
     */
    public float[] embed(String text) {
        return embedTexts(List.of(text)).getFirst();
    }

    /**
     * The vector of an image; as {@link #embed(String)}.
     *
     * @throws IllegalArgumentException if the image cannot be processed
     */
    public float[] embed(Image image) {
        BridgeTowerForContrastiveLearning model = contrastive();
        Optional<EncodingCache.Lease<ImageEncoding>> encoded = encodings.imageIfPresent(image);
        if (encoded.isEmpty()) return embedImages(List.of(image)).getFirst();
        try (EncodingCache.Lease<ImageEncoding> lease = encoded.get()) {
            return vectors(arena -> model.imageEmbeds(arena, new ImageEncoding[] {lease.value()}))
                    .getFirst();
        }
    }

    /**
     * One vector of an image and a text together, as the cross-modal layers see them: for retrieval with documents or queries
     * that have both.
     *
     * @return of length 1
     * @throws UnsupportedOperationException if the checkpoint has no {@link Head#CONTRASTIVE} heads
     * @throws IllegalArgumentException if the text has more tokens than the model reads, or the image cannot be processed
     * @throws IllegalStateException if this is closed
     */
    public float[] embed(Image image, String text) {
        BridgeTowerForContrastiveLearning model = contrastive();
        try (Encodings.Leased<ImageEncoding> encodedImage = encodings.images(List.of(image));
                Encodings.Leased<TextEncoding> encodedText = encodings.texts(List.of(text))) {
            return vectors(arena ->
                            model.crossEmbeds(arena, encodedText.values(), encodedImage.values(), Pairing.oneToOne(1)))
                    .getFirst();
        }
    }

    /** The vectors of texts, computed in batches; as {@link #embed(String)}. */
    public List<float[]> embedTexts(List<String> wanted) {
        BridgeTowerForContrastiveLearning model = contrastive();
        List<float[]> vectors = new ArrayList<>(wanted.size());
        for (List<String> some : parts(wanted, PAIRS)) {
            int[][] ids = some.stream().map(texts::ids).toArray(int[][]::new);
            vectors.addAll(vectors(arena -> model.textEmbeds(arena, TextInputs.of(ids))));
        }
        return vectors;
    }

    /** The vectors of images, computed in batches; as {@link #embed(Image)}. */
    public List<float[]> embedImages(List<Image> wanted) {
        BridgeTowerForContrastiveLearning model = contrastive();
        List<float[]> vectors = new ArrayList<>(wanted.size());
        for (List<Image> some : parts(wanted, IMAGES)) {
            vectors.addAll(vectors(arena -> model.imageEmbeds(arena, Encodings.inputs(images, arena, some))));
        }
        return vectors;
    }

    /**
     * The vectors of any number of images, in their order: reads and prepares images ahead on its own threads and embeds
     * them in batches while the stream is consumed. An image that cannot be read becomes an {@link Embedded} with an error,
     * and the stream goes on. Close the stream if it is not consumed to its end.
     *
     * @param items what to read images from; consumed lazily, by the thread that consumes the result
     * @param reader {@code Image::read} for paths
     * @throws UnsupportedOperationException if the checkpoint has no {@link Head#CONTRASTIVE} heads
     */
    public <T> Stream<Embedded<T>> embedAll(Iterable<? extends T> items, ImageReader<? super T> reader) {
        return EmbeddingStream.of(contrastive(), images, items.iterator(), reader);
    }

    /** As {@link #embedAll(Iterable, ImageReader)}; the items are not closed with the result. */
    public <T> Stream<Embedded<T>> embedAll(Stream<? extends T> items, ImageReader<? super T> reader) {
        return EmbeddingStream.of(contrastive(), images, items.iterator(), reader);
    }

    /**
     * Computes made-up inputs until that gets no faster, so that the first real calls do not wait for the JIT compiler; see
     * {@link BridgeTowerModel#warmUp} for what is covered. Takes a few seconds for a base model. For servers, before they
     * report to be ready.
     */
    public void warmUp() {
        loaded.trunk().warmUp();
    }

    /** The model without heads, for programs that need encodings, features or figures of its use. */
    public BridgeTowerModel model() {
        return loaded.trunk();
    }

    /** The tokenizer and the image processor. */
    public BridgeTowerProcessor processor() {
        return loaded.processor();
    }

    /** How texts become token ids for this model. */
    public TextPreparation textPreparation() {
        return texts;
    }

    /** How images become pixels for this model. */
    public PixelReader pixelReader() {
        return images;
    }

    /**
     * The model with its matching head. It shares this one's weights and ends with it.
     *
     * @throws UnsupportedOperationException if the checkpoint has none
     */
    public BridgeTowerForImageAndTextRetrieval matching() {
        return Loaded.required(loaded.matching(), Head.MATCHING, loaded);
    }

    /**
     * The model with its masked language modelling head; as {@link #matching}.
     *
     * @throws UnsupportedOperationException if the checkpoint has none
     */
    public BridgeTowerForMaskedLM maskedLM() {
        return Loaded.required(loaded.maskedLM(), Head.MASKED_LM, loaded);
    }

    /**
     * The model with its contrastive heads; as {@link #matching}.
     *
     * @throws UnsupportedOperationException if the checkpoint has none
     */
    public BridgeTowerForContrastiveLearning contrastive() {
        return Loaded.required(loaded.contrastive(), Head.CONTRASTIVE, loaded);
    }

    /** The directory from which the model was loaded. */
    public Path directory() {
        return loaded.directory();
    }

    /** Frees the weights and ends the threads, after calls that are running have returned. Closing again does nothing. */
    @Override
    public void close() {
        encodings.close();
        loaded.close();
    }

    private static Score score(String text, float[] logits) {
        FiniteValues.checked(logits);
        return new Score(
                text, BridgeTowerForImageAndTextRetrieval.probability(logits), new Score.Logits(logits[0], logits[1]));
    }

    /** Copies the rows of a tensor that is computed in a temporary arena. */
    static List<float[]> vectors(Function<Arena, Tensor> computation) {
        try (Arena arena = Arena.ofConfined()) {
            Tensor rows = computation.apply(arena);
            List<float[]> vectors = new ArrayList<>(rows.dim(0));
            for (int i = 0; i < rows.dim(0); i++) {
                vectors.add(FiniteValues.checked(rows.slice(i, 1).toArray()));
            }
            return vectors;
        }
    }

    private static <T> List<List<T>> parts(List<T> all, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int first = 0; first < all.size(); first += size) {
            parts.add(all.subList(first, Math.min(first + size, all.size())));
        }
        return parts;
    }
}
