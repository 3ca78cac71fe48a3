package io.bridgetower.model.runtime;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.model.batch.PairBatch;
import io.bridgetower.model.batch.Routes;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.outputs.Attentions;
import io.bridgetower.model.outputs.HiddenStates;

/**
 * Keeps what a {@link Capture} asks for while a forward runs. Groups of pairs may write at the same time: each has its
 * own part of every tensor.
 */
public final class Trace {
    private final Results results;
    private final Tensor[] text;
    private final Tensor[] image;
    private final Tensor[] crossText;
    private final Tensor[] crossImage;
    private final Tensor[] textSelf;
    private final Tensor[] imageSelf;
    private final Tensor[] textCross;
    private final Tensor[] imageCross;

    /**
     * @param results where it is kept
     * @param longest tokens of the longest text
     * @param imageTokens tokens of every image
     */
    public Trace(Results results, Capture capture, BridgeTowerConfig config, int pairs, int longest, int imageTokens) {
        this.results = results;
        int textLayers = config.textConfig().numHiddenLayers(), crossLayers = config.numHiddenLayers();
        int hidden = config.hiddenSize(), heads = config.textConfig().numAttentionHeads();
        boolean states = capture.hiddenStates(), self = capture.attentions(), cross = capture.crossAttentions();
        text = results.tensors(states, textLayers + 1, pairs, longest, hidden);
        image = results.tensors(
                states,
                config.numVisionBlocks() + 1,
                pairs,
                imageTokens,
                config.visionConfig().hiddenSize());
        crossText = results.tensors(states, crossLayers, pairs, longest, hidden);
        crossImage = results.tensors(states, crossLayers, pairs, imageTokens, hidden);
        textSelf = results.tensors(self, crossLayers, pairs, heads, longest, longest);
        imageSelf = results.tensors(self, crossLayers, pairs, heads, imageTokens, imageTokens);
        textCross = results.tensors(cross, crossLayers, pairs, heads, longest, imageTokens);
        imageCross = results.tensors(cross, crossLayers, pairs, heads, imageTokens, longest);
    }

    public void text(int layer, TextBatch batch, Matrix x) {
        if (text == null) return;
        for (int i = 0; i < batch.size(); i++) {
            TextBatch.Text part = batch.text(i);
            copy(x.rows(part.firstRow(), part.rows()), text[layer], batch.firstText() + i);
        }
    }

    public void images(int layer, int first, Matrix x) {
        if (image == null) return;
        int tokens = image[layer].dim(1);
        for (int i = 0; i * tokens < x.rows(); i++) copy(x.rows(i * tokens, tokens), image[layer], first + i);
    }

    public void cross(int layer, PairBatch pairs, Matrix textRows, Matrix imageRows) {
        if (crossText == null) return;
        for (int i = 0; i < pairs.size(); i++) {
            copy(pairs.text(i, textRows), crossText[layer], pairs.first() + i);
            copy(pairs.image(i, imageRows), crossImage[layer], pairs.first() + i);
        }
    }

    /** Where the first layer's self-attention of some texts goes. */
    public Attention.Probabilities firstOfTexts(int first, int count) {
        return probabilities(textSelf, 0, first, count);
    }

    /** Where the first layer's self-attention of some images goes. */
    public Attention.Probabilities firstOfImages(int first, int count) {
        return probabilities(imageSelf, 0, first, count);
    }

    /** A layer's attention from text rows, with the places of its probabilities. */
    public Routes fromTexts(int layer, PairBatch pairs, Routes routes) {
        return keeping(layer, pairs, routes, textSelf, textCross);
    }

    /** A layer's attention from image rows, with the places of its probabilities. */
    public Routes fromImages(int layer, PairBatch pairs, Routes routes) {
        return keeping(layer, pairs, routes, imageSelf, imageCross);
    }

    private static Routes keeping(int layer, PairBatch pairs, Routes routes, Tensor[] self, Tensor[] cross) {
        return new Routes(
                routes.self().keeping(probabilities(self, layer, pairs.first(), pairs.size())),
                routes.cross().keeping(probabilities(cross, layer, pairs.first(), pairs.size())));
    }

    /** The part of a layer's tensor, [sequences, heads, queries, keys], that belongs to some of the sequences. */
    public static Attention.Probabilities probabilities(Tensor[] tensors, int layer, int first, int count) {
        if (tensors == null) return null;
        Matrix[] parts = new Matrix[count];
        for (int i = 0; i < count; i++) parts[i] = Matrix.of(tensors[layer].slice(first + i, 1));
        return new Attention.Probabilities(parts, tensors[layer].dim(2));
    }

    /** Copies rows to the beginning of one entry of a tensor, [entries, rows, columns]. */
    public static void copy(Matrix rows, Tensor to, int entry) {
        Matrix target = Matrix.of(to.slice(entry, 1));
        for (int row = 0; row < rows.rows(); row++) Rows.copy(rows, row, target, row);
    }

    public HiddenStates hiddenStates() {
        if (text == null) return null;
        return new HiddenStates(
                results.finished(text),
                results.finished(image),
                results.finished(crossText),
                results.finished(crossImage));
    }

    public Attentions attentions() {
        return textSelf == null ? null : new Attentions(results.finished(textSelf), results.finished(imageSelf));
    }

    public Attentions crossAttentions() {
        return textCross == null ? null : new Attentions(results.finished(textCross), results.finished(imageCross));
    }
}
