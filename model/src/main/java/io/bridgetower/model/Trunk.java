package io.bridgetower.model;

import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.Workspace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.function.BiFunction;

/**
 * The parts of BridgeTower and how a batch runs through them: encode the texts, encode the images, fuse. Everything takes
 * the {@link Workspace} of the call and returns matrices of it or of the {@link Memory} that it is given.
 */
final class Trunk {
    /** Texts computed together at the most: their rows make the products tall enough, and the memory stays small. */
    private static final int TEXTS_PER_GROUP = 32;

    /** Pairs fused together at the most: each holds the rows of an image several times over. */
    private static final int PAIRS_PER_GROUP = 4;

    /** The token type whose embedding is part of contrastive image embeddings. */
    private static final int ITC_IMAGE_TYPE = 1;

    private final BridgeTowerConfig config;
    private final Shards shards;
    private final int firstBridge;
    private final TextTower textTower;
    private final VisionTower visionTower;
    private final Bridge textBridge;
    private final Bridge[] imageBridges;
    private final CrossModalEncoder encoder;
    private final Pooler textPooler;
    private final Pooler imagePooler;

    /** Where encodings are put: a matrix of so many rows and columns. */
    @FunctionalInterface
    interface Memory extends BiFunction<Integer, Integer, Matrix> {}

    Trunk(Parameters trunk, BridgeTowerConfig config, Shards shards) throws IOException {
        this.config = config;
        this.shards = shards;
        firstBridge = config.numUnimodalLayers();
        Tensor types = trunk.tensor("token_type_embeddings.weight", 2, config.hiddenSize());
        Bridge image = new Bridge(trunk, "image", config.visionConfig().hiddenSize(), config);
        imageBridges = new Bridge[] {image.plus(trunk, types.slice(0, 1)), image.plus(trunk, types.slice(1, 1))};
        textBridge = new Bridge(trunk, "text", config.textConfig().hiddenSize(), config).plus(trunk, types.slice(0, 1));
        textTower = new TextTower(trunk.sub("text_model"), config.textConfig());
        // Blocks after the last bridge would be read by nothing.
        visionTower = new VisionTower(
                trunk.sub("vision_model.visual"),
                config.visionConfig(),
                config.textConfig().numHiddenLayers());
        encoder = new CrossModalEncoder(trunk, config);
        textPooler = new Pooler(trunk.sub("cross_modal_text_pooler"), config.hiddenSize());
        imagePooler = new Pooler(trunk.sub("cross_modal_image_pooler"), config.hiddenSize());
    }

    /** @throws IllegalArgumentException if the shape is not what the model takes */
    int imageTokens(ImageInputs inputs) {
        return visionTower.tokens(inputs);
    }

    /** @param trace is shown every layer; null for none */
    TextEncoding[] encodeTexts(Workspace workspace, TextBatch batch, Memory memory, Trace trace) {
        Matrix[] stages = stages(batch.rows(), memory);
        Matrix firsts = memory.apply(batch.size(), config.hiddenSize());
        shards.run(workspace, batch.size(), TEXTS_PER_GROUP, (own, first, count) -> {
            TextBatch part = batch.slice(first, count);
            Matrix[] into = rows(stages, batch.text(first).firstRow(), part.rows());
            textTower.forward(own, part, (layer, x) -> {
                int stage = layer - firstBridge;
                if (stage >= 0) textBridge.forward(own, stage, x, into[stage]);
                if (layer == textTower.layers()) copyFirsts(part, x, firsts.rows(first, count));
                if (trace != null) trace.text(layer, part, x);
            });
        });
        TextEncoding[] encodings = new TextEncoding[batch.size()];
        for (int i = 0; i < encodings.length; i++) {
            TextBatch.Text text = batch.text(i);
            Matrix[] own = rows(stages, text.firstRow(), text.rows());
            encodings[i] = new TextEncoding(own, firsts.rows(i, 1), text.visible());
        }
        return encodings;
    }

    /** @param trace is shown every layer; null for none */
    ImageEncoding[] encodeImages(Workspace workspace, ImageInputs inputs, Memory memory, Trace trace) {
        int images = inputs.size(),
                tokens = imageTokens(inputs),
                blocks = config.textConfig().numHiddenLayers();
        Matrix[] stages = stages(Math.multiplyExact(images, tokens), memory);
        Matrix firsts = memory.apply(images, config.visionConfig().hiddenSize());
        Bridge bridge = imageBridges[inputs.tokenTypeIdx()];
        shards.run(workspace, images, 1, (own, image, one) -> {
            Matrix[] into = rows(stages, image * tokens, tokens);
            visionTower.forward(own, inputs, image, (layer, x) -> {
                if (trace != null) trace.image(layer, image, x);
                int stage = layer - firstBridge;
                if (stage < 0) return;
                long mark = own.mark();
                Matrix normed = own.matrix(tokens, x.columns());
                visionTower.postNorm(own, x, normed);
                bridge.forward(own, stage, normed, into[stage]);
                if (layer == blocks) Rows.copy(normed, 0, firsts, image);
                own.release(mark);
            });
        });
        ImageEncoding[] encodings = new ImageEncoding[images];
        for (int i = 0; i < images; i++) {
            encodings[i] = new ImageEncoding(rows(stages, i * tokens, tokens), firsts.rows(i, 1));
        }
        return encodings;
    }

    /** The text tower alone: its last output for the first token of every text, [texts, hidden], on the workspace. */
    Matrix firstTextTokens(Workspace workspace, TextBatch batch) {
        Matrix firsts = workspace.matrix(batch.size(), config.hiddenSize());
        shards.run(workspace, batch.size(), TEXTS_PER_GROUP, (own, first, count) -> {
            TextBatch part = batch.slice(first, count);
            textTower.forward(own, part, (layer, x) -> {
                if (layer == textTower.layers()) copyFirsts(part, x, firsts.rows(first, count));
            });
        });
        return firsts;
    }

    /**
     * The vision tower alone: its last output for the class token of every image, after the final LayerNorm, [images,
     * vision hidden], on the workspace.
     */
    Matrix firstImageTokens(Workspace workspace, ImageInputs inputs) {
        Matrix firsts = workspace.matrix(inputs.size(), config.visionConfig().hiddenSize());
        int blocks = config.textConfig().numHiddenLayers();
        shards.run(
                workspace,
                inputs.size(),
                1,
                (own, image, one) -> visionTower.forward(own, inputs, image, (layer, x) -> {
                    if (layer == blocks) visionTower.postNorm(own, x.rows(0, 1), firsts.rows(image, 1));
                }));
        return firsts;
    }

    /** {@link #firstImageTokens} carried over the last bridge, [images, hidden], on the workspace. */
    Matrix bridgedImageTokens(Workspace workspace, Matrix firsts) {
        Matrix bridged = workspace.matrix(firsts.rows(), config.hiddenSize());
        imageBridges[ITC_IMAGE_TYPE].last(workspace, firsts, bridged);
        return bridged;
    }

    /** Pooled text and pooled image of every pair, [pairs, 2 · hidden], on the workspace. */
    Matrix pooled(Workspace workspace, TextEncoding[] texts, ImageEncoding[] images) {
        Matrix pooled = workspace.matrix(texts.length, 2 * config.hiddenSize());
        shards.run(workspace, texts.length, PAIRS_PER_GROUP, (own, first, count) -> {
            long mark = own.mark();
            PairBatch pairs = new PairBatch(texts, images, first, count);
            CrossModalEncoder.Features features =
                    encoder.forward(own, pairs, CrossModalEncoder.Wanted.FIRST_ROWS, null);
            pool(own, features.text(), features.image(), pooled.rows(first, count));
            own.release(mark);
        });
        return pooled;
    }

    /** Text features of every pair, [pairs, longest, hidden]; zero past the end of a shorter text. */
    Tensor textFeatures(Workspace workspace, TextEncoding[] texts, ImageEncoding[] images) {
        Tensor features = Tensor.allocate(Arena.ofAuto(), texts.length, longest(texts), config.hiddenSize());
        shards.run(workspace, texts.length, PAIRS_PER_GROUP, (own, first, count) -> {
            long mark = own.mark();
            PairBatch pairs = new PairBatch(texts, images, first, count);
            Matrix rows = encoder.forward(own, pairs, CrossModalEncoder.Wanted.TEXT, null)
                    .text();
            for (int i = 0; i < count; i++) Trace.copy(pairs.text(i, rows), features, first + i);
            own.release(mark);
        });
        return features;
    }

    /** @param trace is shown every layer and asked for what it kept; null for none */
    BridgeTowerModelOutput features(Workspace workspace, TextEncoding[] texts, ImageEncoding[] images, Trace trace) {
        int hidden = config.hiddenSize(), pairCount = texts.length;
        int imageTokens = pairCount == 0 ? 0 : images[0].tokens();
        Arena results = Arena.ofAuto();
        Tensor textFeatures = Tensor.allocate(results, pairCount, longest(texts), hidden);
        Tensor imageFeatures = Tensor.allocate(results, pairCount, imageTokens, hidden);
        Tensor poolerOutput = Tensor.allocate(results, pairCount, 2 * hidden);
        shards.run(workspace, pairCount, PAIRS_PER_GROUP, (own, first, count) -> {
            long mark = own.mark();
            PairBatch pairs = new PairBatch(texts, images, first, count);
            CrossModalEncoder.Features features = encoder.forward(own, pairs, CrossModalEncoder.Wanted.ALL, trace);
            for (int i = 0; i < count; i++) {
                Trace.copy(pairs.text(i, features.text()), textFeatures, first + i);
                Trace.copy(pairs.image(i, features.image()), imageFeatures, first + i);
            }
            Matrix firstText = pairs.firstTextRows(own, features.text());
            Matrix firstImage = pairs.firstImageRows(own, features.image());
            pool(own, firstText, firstImage, Matrix.of(poolerOutput).rows(first, count));
            own.release(mark);
        });
        return new BridgeTowerModelOutput(
                textFeatures,
                imageFeatures,
                poolerOutput,
                trace == null ? null : trace.hiddenStates(),
                trace == null ? null : trace.attentions(),
                trace == null ? null : trace.crossAttentions());
    }

    private void pool(Workspace workspace, Matrix firstText, Matrix firstImage, Matrix pooled) {
        int hidden = config.hiddenSize();
        textPooler.forward(workspace, firstText, pooled.columns(0, hidden));
        imagePooler.forward(workspace, firstImage, pooled.columns(hidden, hidden));
    }

    private Matrix[] stages(int rows, Memory memory) {
        Matrix[] stages = new Matrix[config.numHiddenLayers()];
        for (int i = 0; i < stages.length; i++) stages[i] = memory.apply(rows, config.hiddenSize());
        return stages;
    }

    private static Matrix[] rows(Matrix[] stages, int first, int count) {
        Matrix[] part = new Matrix[stages.length];
        for (int i = 0; i < part.length; i++) part[i] = stages[i].rows(first, count);
        return part;
    }

    private static void copyFirsts(TextBatch batch, Matrix x, Matrix firsts) {
        for (int i = 0; i < batch.size(); i++) Rows.copy(x, batch.text(i).firstRow(), firsts, i);
    }

    private static int longest(TextEncoding[] texts) {
        int longest = 0;
        for (TextEncoding text : texts) longest = Math.max(longest, text.tokens());
        return longest;
    }
}
