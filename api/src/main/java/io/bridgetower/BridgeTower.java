package io.bridgetower;

import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerForQuestionAnswering;
import io.bridgetower.model.BridgeTowerForVisualEntailment;
import io.bridgetower.model.BridgeTowerForVisualReasoning;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A BridgeTower model, ready for texts and images: it tells how well a text describes an image, fills masked words of a
 * text from what an image shows, turns texts, images and pairs of both into vectors, and answers questions or judges
 * sentences where it was fine-tuned for that.
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
 * as the cache has room for them. The bits of a result do not depend on what was computed before, with it or at the same time.
 *
 * <p>Safe for use by several threads at once; a call uses all threads of the model. Owns the memory of the weights until
 * {@link #close}; calls after that throw {@link IllegalStateException}.
 */
public final class BridgeTower implements AutoCloseable {
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
        return matches().of(image, descriptions);
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
        return Ranking.of(matches().of(description, candidates));
    }

    /** Ranks texts by how well they describe an image; throws as {@link #score(Image, List)}. */
    public Ranking rank(Image image, List<String> candidates) {
        return Ranking.of(score(image, candidates));
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
        return encodings.ofPair(image, text, (encodedText, encodedImage) -> {
            List<Filled> filled = new ArrayList<>();
            model.logitsAt(
                    encodedText,
                    encodedImage,
                    Pairing.oneToOne(1),
                    new int[][] {masks},
                    (pair, mask, logits) -> filled.add(filler.fill(mask, logits, top)));
            return filled;
        });
    }

    /** The text with the best word at every {@code <mask>}; throws as {@link #fill}. */
    public String complete(Image image, String text) {
        return filler.complete(texts.ids(text), fill(image, text, 1));
    }

    /**
     * Answers a question about an image, with a model that was fine-tuned for VQAv2. The names of the answers are those of
     * its configuration.
     *
     * @return all answers of the model, the best first
     * @throws UnsupportedOperationException if the checkpoint has no {@link Head#QUESTION_ANSWERING} head
     * @throws IllegalArgumentException if the question has more tokens than the model reads, or the image cannot be processed
     * @throws IllegalStateException if this is closed
     */
    public List<Choice> answer(Image image, String question) {
        BridgeTowerForQuestionAnswering model = questionAnswering();
        return Choice.ranked(
                model.labels(),
                encodings.ofPair(image, question, model::logits)[0],
                BridgeTowerForQuestionAnswering::probabilities);
    }

    /**
     * Judges whether an image entails a sentence, contradicts it or leaves it open, with a model that was fine-tuned for
     * SNLI-VE.
     *
     * @return the labels, the best first
     * @throws UnsupportedOperationException if the checkpoint has no {@link Head#VISUAL_ENTAILMENT} head
     * @throws IllegalArgumentException if the sentence has more tokens than the model reads, or the image cannot be processed
     * @throws IllegalStateException if this is closed
     */
    public List<Choice> entail(Image image, String sentence) {
        BridgeTowerForVisualEntailment model = visualEntailment();
        return Choice.ranked(
                model.labels(),
                encodings.ofPair(image, sentence, model::logits)[0],
                BridgeTowerForVisualEntailment::probabilities);
    }

    /**
     * Judges whether a sentence is true of two images, with a model that was fine-tuned for NLVR2.
     *
     * @param first the left one
     * @param second the right one
     * @return the labels, the best first
     * @throws UnsupportedOperationException if the checkpoint has no {@link Head#VISUAL_REASONING} head
     * @throws IllegalArgumentException if the sentence has more tokens than the model reads, or an image cannot be processed
     * @throws IllegalStateException if this is closed
     */
    public List<Choice> compare(Image first, Image second, String sentence) {
        BridgeTowerForVisualReasoning model = visualReasoning();
        try (var text = encodings.texts(List.of(sentence));
                var left = encodings.images(List.of(first), BridgeTowerForVisualReasoning.FIRST);
                var right = encodings.images(List.of(second), BridgeTowerForVisualReasoning.SECOND)) {
            float[] logits = model.logits(text.values(), left.values(), right.values())[0];
            return Choice.ranked(model.labels(), logits, BridgeTowerForVisualReasoning::probabilities);
        }
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
        return embeddings().ofImage(image);
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
        return embeddings().ofPair(image, text);
    }

    /** The vectors of texts, computed in batches; as {@link #embed(String)}. */
    public List<float[]> embedTexts(List<String> wanted) {
        return embeddings().ofTexts(wanted);
    }

    /** The vectors of images, computed in batches; as {@link #embed(Image)}. */
    public List<float[]> embedImages(List<Image> wanted) {
        return embeddings().ofImages(wanted);
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
        return loaded.model(Head.MATCHING, BridgeTowerForImageAndTextRetrieval.class);
    }

    /**
     * The model with its masked language modelling head; as {@link #matching}.
     *
     * @throws UnsupportedOperationException if the checkpoint has none
     */
    public BridgeTowerForMaskedLM maskedLM() {
        return loaded.model(Head.MASKED_LM, BridgeTowerForMaskedLM.class);
    }

    /**
     * The model with its contrastive heads; as {@link #matching}.
     *
     * @throws UnsupportedOperationException if the checkpoint has none
     */
    public BridgeTowerForContrastiveLearning contrastive() {
        return loaded.model(Head.CONTRASTIVE, BridgeTowerForContrastiveLearning.class);
    }

    /**
     * The model with its head for questions; as {@link #matching}.
     *
     * @throws UnsupportedOperationException if the checkpoint has none
     */
    public BridgeTowerForQuestionAnswering questionAnswering() {
        return loaded.model(Head.QUESTION_ANSWERING, BridgeTowerForQuestionAnswering.class);
    }

    /**
     * The model with its head for visual entailment; as {@link #matching}.
     *
     * @throws UnsupportedOperationException if the checkpoint has none
     */
    public BridgeTowerForVisualEntailment visualEntailment() {
        return loaded.model(Head.VISUAL_ENTAILMENT, BridgeTowerForVisualEntailment.class);
    }

    /**
     * The model with its head for two images; as {@link #matching}.
     *
     * @throws UnsupportedOperationException if the checkpoint has none
     */
    public BridgeTowerForVisualReasoning visualReasoning() {
        return loaded.model(Head.VISUAL_REASONING, BridgeTowerForVisualReasoning.class);
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

    /** How well texts describe images. */
    Matches matches() {
        return new Matches(matching(), encodings);
    }

    private Embeddings embeddings() {
        return new Embeddings(contrastive(), texts, images, encodings);
    }
}
