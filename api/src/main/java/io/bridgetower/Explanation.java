package io.bridgetower;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.FiniteValues;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.BridgeTowerModelOutput;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.text.Encoding;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Objects;

/**
 * Where the words of a text look in an image: for every layer, head and word, how much cross-attention each patch of the image
 * gets.
 */
public final class Explanation {
    private final List<String> words;
    private final int layers;
    private final int heads;
    private final int rows;
    private final int columns;
    private final float[] weights;
    private final Image image;

    private Explanation(
            List<String> words, int layers, int heads, int rows, int columns, float[] weights, Image image) {
        this.words = words;
        this.layers = layers;
        this.heads = heads;
        this.rows = rows;
        this.columns = columns;
        this.weights = weights;
        this.image = image;
    }

    /**
     * Runs a model.
     *
     * @param encoding the tokens of the text
     * @throws IllegalArgumentException if the text has no words, or the image cannot be processed
     */
    static Explanation of(BridgeTowerModel model, PixelReader reader, Image image, Encoding encoding, String text) {
        List<TextWord> words = TextWord.of(encoding, text);
        if (words.isEmpty()) throw new IllegalArgumentException("the text has no words to explain");
        try (Arena arena = Arena.ofConfined()) {
            BridgeTowerModelOutput output = model.forward(
                    arena,
                    TextInputs.of(new int[][] {encoding.ids()}),
                    Encodings.inputs(reader, arena, List.of(image)),
                    new Capture(false, false, true));
            Image seen = Image.of(Pixels.seen(reader, image.pixels()));
            int patch = model.config().visionConfig().patchSize();
            return of(words, output.crossAttentions().text(), seen, patch);
        }
    }

    /**
     * The attention of a word is the mean of its tokens'.
     *
     * @param attentions of each layer the probabilities, [1, heads, tokens, 1 + patches]
     * @param image as the model sees it
     * @param patch side of a patch in pixels
     * @throws ArithmeticException if a value is not finite
     */
    private static Explanation of(List<TextWord> words, List<Tensor> attentions, Image image, int patch) {
        Tensor first = attentions.getFirst();
        int heads = first.dim(1), tokens = first.dim(2), width = first.dim(3), patches = width - 1;
        float[] weights = new float[attentions.size() * heads * words.size() * patches];
        int at = 0;
        for (Tensor layer : attentions) {
            float[] probabilities = FiniteValues.checked(layer.toArray());
            for (int head = 0; head < heads; head++) {
                for (TextWord word : words) {
                    for (int token = word.firstToken(); token < word.firstToken() + word.tokens(); token++) {
                        int row = (head * tokens + token) * width + 1;
                        for (int i = 0; i < patches; i++) weights[at + i] += probabilities[row + i] / word.tokens();
                    }
                    at += patches;
                }
            }
        }
        return new Explanation(
                words.stream().map(TextWord::text).toList(),
                attentions.size(),
                heads,
                image.height() / patch,
                image.width() / patch,
                weights,
                image);
    }

    /** The words of the text, in their order: what stands between white space and punctuation. */
    public List<String> words() {
        return words;
    }

    /** Number of cross-modal layers. */
    public int layers() {
        return layers;
    }

    /** Number of attention heads of a layer. */
    public int heads() {
        return heads;
    }

    /** Rows of patches. */
    public int rows() {
        return rows;
    }

    /** Columns of patches. */
    public int columns() {
        return columns;
    }

    /** The image as the model sees it, resized and cropped. */
    public Image image() {
        return image;
    }

    /**
     * All weights, [layers, heads, words, rows, columns]: shares of a word's attention, of which the class token's is missing.
     * Not to be written to.
     */
    public float[] weights() {
        return weights;
    }

    /**
     * The weights of one word, [rows, columns], as a mean over the heads of a layer.
     *
     * @throws IndexOutOfBoundsException if there is no such layer or word
     */
    public float[] mean(int layer, int word) {
        Objects.checkIndex(layer, layers);
        Objects.checkIndex(word, words.size());
        int patches = rows * columns;
        float[] mean = new float[patches];
        for (int head = 0; head < heads; head++) {
            int at = ((layer * heads + head) * words.size() + word) * patches;
            for (int i = 0; i < patches; i++) mean[i] += weights[at + i] / heads;
        }
        return mean;
    }
}
