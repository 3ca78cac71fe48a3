package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.Workspace;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/**
 * The parts of BridgeTower and how a batch runs through them: encode the texts, encode the images, fuse. Everything takes
 * the {@link Workspace} of the call and returns matrices of it.
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
    private final int firstTextBridge;
    private final int firstImageBridge;
    private final TextTower textTower;
    private final VisionTower visionTower;
    private final Bridge textBridge;
    private final Bridge[] imageBridges;
    private final CrossModalEncoder encoder;
    private final Pooler textPooler;
    private final Pooler imagePooler;
    private final LongAdder texts = new LongAdder();
    private final LongAdder images = new LongAdder();
    private final LongAdder pairs = new LongAdder();

    Trunk(Parameters trunk, BridgeTowerConfig config, Shards shards) throws IOException {
        this.config = config;
        this.shards = shards;
        firstTextBridge = config.numUnimodalLayers();
        firstImageBridge = config.numUnimodalVisionBlocks();
        Tensor types = trunk.tensor("token_type_embeddings.weight", 2, config.hiddenSize());
        Bridge image = new Bridge(trunk, "image", config.visionConfig().hiddenSize(), config);
        imageBridges = new Bridge[] {image.plus(trunk, types.slice(0, 1)), image.plus(trunk, types.slice(1, 1))};
        textBridge = new Bridge(trunk, "text", config.textConfig().hiddenSize(), config).plus(trunk, types.slice(0, 1));
        textTower = new TextTower(trunk.sub("text_model"), config.textConfig());
        visionTower =
                new VisionTower(trunk.sub("vision_model.visual"), config.visionConfig(), config.numVisionBlocks());
        encoder = new CrossModalEncoder(trunk, config, shards);
        textPooler = new Pooler(trunk.sub("cross_modal_text_pooler"), config.hiddenSize());
        imagePooler = new Pooler(trunk.sub("cross_modal_image_pooler"), config.hiddenSize());
    }

    /**
     * Number of tokens of every image of a batch; checks the batch.
     *
     * @throws IllegalArgumentException if the shape is not what the model takes
     * @throws WrongThreadException if the memory is confined to another thread
     * @throws IllegalStateException if the memory has been freed
     */
    int imageTokens(ImageInputs inputs) {
        return visionTower.tokens(inputs);
    }

    /** What a text of so many rows takes. */
    Stages.Shape textShape(int tokens, EncodingPrecision precision) {
        return new Stages.Shape(config.numHiddenLayers(), tokens, config.hiddenSize(), config.hiddenSize(), precision);
    }

    /** What an image of so many tokens takes. */
    Stages.Shape imageShape(int tokens, EncodingPrecision precision) {
        int vision = config.visionConfig().hiddenSize();
        return new Stages.Shape(config.numHiddenLayers(), tokens, config.hiddenSize(), vision, precision);
    }

    /**
     * Encodes texts and images on the workspace.
     *
     * @param trace is shown every layer; null for none
     */
    EncodedPairs encode(Workspace workspace, TextBatch givenTexts, ImageInputs givenImages, Trace trace) {
        TextBatch batch = givenTexts.readable(workspace);
        ImageInputs inputs = givenImages.readable(workspace);
        Stages[] texts = new Stages[batch.size()], images = new Stages[inputs.size()];
        for (int i = 0; i < texts.length; i++) {
            Stages.Shape shape = textShape(batch.text(i).rows(), EncodingPrecision.F32);
            texts[i] = Stages.on(workspace, shape, batch.text(i).visible());
        }
        Stages.Shape shape = imageShape(imageTokens(inputs), EncodingPrecision.F32);
        for (int i = 0; i < images.length; i++) images[i] = Stages.on(workspace, shape, null);
        if (shards.byItem(images.length)) {
            // A thread that came late, from the texts, would be an image behind the others at the end.
            encodeTexts(workspace, batch, texts, trace);
            encodeImages(workspace, inputs, images, trace);
        } else {
            shards.sideBySide(
                    workspace,
                    own -> encodeImages(own, inputs, images, trace),
                    own -> encodeTexts(own, batch, texts, trace));
        }
        return new EncodedPairs(texts, images);
    }

    /**
     * Encodes texts into memory that there is for each.
     *
     * @param trace is shown every layer; null for none
     */
    void encodeTexts(Workspace workspace, TextBatch given, Stages[] into, Trace trace) {
        TextBatch batch = given.readable(workspace);
        texts.add(batch.size());
        shards.run(workspace, batch.size(), TEXTS_PER_GROUP, (own, first, count) -> {
            TextBatch part = batch.slice(first, count);
            textTower.forward(own, part, (layer, x) -> {
                int stage = layer - firstTextBridge;
                if (stage >= 0) {
                    long mark = own.mark();
                    Matrix bridged = own.matrix(x.rows(), config.hiddenSize());
                    textBridge.forward(own, stage, x, bridged);
                    for (int i = 0; i < count; i++) into[first + i].putStage(stage, part.text(i, bridged));
                    if (stage == 0) attend(own, part, bridged, into, trace);
                    own.release(mark);
                }
                if (layer == textTower.layers()) {
                    for (int i = 0; i < count; i++)
                        into[first + i].putFirst(part.text(i, x).rows(0, 1));
                }
                if (trace != null) trace.text(layer, part, x);
            });
        });
    }

    /**
     * Encodes images into memory that there is for each.
     *
     * @param trace is shown every layer; null for none
     */
    void encodeImages(Workspace workspace, ImageInputs given, Stages[] into, Trace trace) {
        ImageInputs inputs = given.readable(workspace);
        images.add(inputs.size());
        int tokens = imageTokens(inputs), blocks = config.numVisionBlocks();
        Bridge bridge = imageBridges[inputs.tokenTypeIdx()];
        visionTower.inGroups(shards, workspace, inputs, (own, first, count) -> {
            visionTower.forward(own, inputs, first, count, (layer, x) -> {
                if (trace != null) trace.images(layer, first, x);
                int stage = layer - firstImageBridge;
                if (stage < 0) return;
                long mark = own.mark();
                Matrix normed = own.matrix(x.rows(), x.columns()), bridged = own.matrix(x.rows(), config.hiddenSize());
                visionTower.postNorm(own, x, normed);
                bridge.forward(own, stage, normed, bridged);
                for (int i = 0; i < count; i++) {
                    into[first + i].putStage(stage, bridged.rows(i * tokens, tokens));
                    if (layer == blocks) into[first + i].putFirst(normed.rows(i * tokens, 1));
                }
                if (stage == 0) attend(own, first, count, bridged, into, trace);
                own.release(mark);
            });
        });
    }

    /** Computes what the first cross-modal layer makes of texts alone. */
    private void attend(Workspace workspace, TextBatch batch, Matrix x, Stages[] into, Trace trace) {
        int first = batch.firstText();
        Matrix attended = workspace.matrix(x.rows(), x.columns());
        Attention.Probabilities probabilities = trace == null ? null : trace.firstOfTexts(first, batch.size());
        encoder.attendTexts(workspace, x, Route.of(batch.selfAttention()).keeping(probabilities), attended);
        for (int i = 0; i < batch.size(); i++) into[first + i].putAttended(batch.text(i, attended));
    }

    /** The same for images. */
    private void attend(Workspace workspace, int first, int count, Matrix x, Stages[] into, Trace trace) {
        int tokens = x.rows() / count;
        Matrix attended = workspace.matrix(x.rows(), x.columns());
        Attention.Probabilities probabilities = trace == null ? null : trace.firstOfImages(first, count);
        Attention.Sequence[] self = VisionTower.sequences(count, tokens);
        encoder.attendImages(workspace, x, Route.of(self).keeping(probabilities), attended);
        for (int i = 0; i < count; i++) into[first + i].putAttended(attended.rows(i * tokens, tokens));
    }

    /** The text tower alone: its last output for the first token of every text, [texts, hidden], on the workspace. */
    Matrix firstTextTokens(Workspace workspace, TextBatch given) {
        TextBatch batch = given.readable(workspace);
        texts.add(batch.size());
        Matrix firsts = workspace.matrix(batch.size(), config.hiddenSize());
        shards.run(workspace, batch.size(), TEXTS_PER_GROUP, (own, first, count) -> {
            textTower.forwardFirst(own, batch.slice(first, count), firsts.rows(first, count));
        });
        return firsts;
    }

    /**
     * The vision tower alone: its last output for the class token of every image, after the final LayerNorm, [images,
     * vision hidden], on the workspace.
     */
    Matrix firstImageTokens(Workspace workspace, ImageInputs given) {
        ImageInputs inputs = given.readable(workspace);
        images.add(inputs.size());
        Matrix firsts = workspace.matrix(inputs.size(), config.visionConfig().hiddenSize());
        visionTower.inGroups(shards, workspace, inputs, (own, first, count) -> {
            visionTower.forwardFirst(own, inputs, first, firsts.rows(first, count));
        });
        return firsts;
    }

    /** {@link #firstImageTokens} carried over the last bridge, [images, hidden], on the workspace. */
    Matrix bridgedImageTokens(Workspace workspace, Matrix firsts) {
        Matrix bridged = workspace.matrix(firsts.rows(), config.hiddenSize());
        imageBridges[ITC_IMAGE_TYPE].last(workspace, firsts, bridged);
        return bridged;
    }

    /** Pooled text and pooled image of every pair, [pairs, 2 · hidden], on the workspace. */
    Matrix pooled(Workspace workspace, EncodedPairs encoded) {
        int size = begin(encoded);
        Matrix pooled = workspace.matrix(size, 2 * config.hiddenSize());
        shards.run(workspace, size, PAIRS_PER_GROUP, (own, first, count) -> {
            long mark = own.mark();
            PairBatch part = new PairBatch(encoded, first, count);
            CrossModalEncoder.Features features = encoder.forward(own, part, CrossModalEncoder.Wanted.FIRST_ROWS, null);
            pool(own, features.text(), features.image(), pooled.rows(first, count));
            own.release(mark);
        });
        return pooled;
    }

    /** Text features of some rows of every pair, those of all pairs one under the other, on the workspace. */
    Matrix textRows(Workspace workspace, EncodedPairs encoded, int[][] rows) {
        int size = begin(encoded);
        int[] starts = new int[rows.length + 1];
        for (int i = 0; i < rows.length; i++) starts[i + 1] = starts[i] + rows[i].length;
        Matrix chosen = workspace.matrix(starts[rows.length], config.hiddenSize());
        shards.run(workspace, size, PAIRS_PER_GROUP, (own, first, count) -> {
            long mark = own.mark();
            PairBatch part = new PairBatch(encoded, first, count);
            Matrix features = encoder.forward(own, part, CrossModalEncoder.Wanted.TEXT, null)
                    .text();
            for (int i = 0; i < count; i++) {
                Matrix text = part.text(i, features);
                int[] of = rows[first + i];
                for (int j = 0; j < of.length; j++) Rows.copy(text, of[j], chosen, starts[first + i] + j);
            }
            own.release(mark);
        });
        return chosen;
    }

    /**
     * @param results where the features go
     * @param trace is shown every layer and asked for what it kept; null for none
     */
    BridgeTowerModelOutput features(Workspace workspace, Results results, EncodedPairs encoded, Trace trace) {
        int size = begin(encoded), hidden = config.hiddenSize();
        int imageTokens = size == 0 ? 0 : encoded.images()[0].tokens();
        Tensor textFeatures = results.tensor(size, encoded.longestText(), hidden);
        Tensor imageFeatures = results.tensor(size, imageTokens, hidden);
        Tensor poolerOutput = results.tensor(size, 2 * hidden);
        shards.run(workspace, size, PAIRS_PER_GROUP, (own, first, count) -> {
            long mark = own.mark();
            PairBatch part = new PairBatch(encoded, first, count);
            CrossModalEncoder.Features features = encoder.forward(own, part, CrossModalEncoder.Wanted.ALL, trace);
            for (int i = 0; i < count; i++) {
                Trace.copy(part.text(i, features.text()), textFeatures, first + i);
                Trace.copy(part.image(i, features.image()), imageFeatures, first + i);
            }
            Matrix firstText = part.firstTextRows(own, features.text());
            Matrix firstImage = part.firstImageRows(own, features.image());
            pool(own, firstText, firstImage, Matrix.of(poolerOutput).rows(first, count));
            own.release(mark);
        });
        return new BridgeTowerModelOutput(
                results.finished(textFeatures),
                results.finished(imageFeatures),
                results.finished(poolerOutput),
                trace == null ? null : trace.hiddenStates(),
                trace == null ? null : trace.attentions(),
                trace == null ? null : trace.crossAttentions());
    }

    /** Texts that the text tower has read. */
    long texts() {
        return texts.sum();
    }

    /** Images that the vision tower has read. */
    long images() {
        return images.sum();
    }

    /** Pairs that the cross-modal layers have read. */
    long pairs() {
        return pairs.sum();
    }

    private int begin(EncodedPairs encoded) {
        pairs.add(encoded.size());
        return encoded.size();
    }

    private void pool(Workspace workspace, Matrix firstText, Matrix firstImage, Matrix pooled) {
        int hidden = config.hiddenSize();
        textPooler.forward(workspace, firstText, pooled.columns(0, hidden));
        imagePooler.forward(workspace, firstImage, pooled.columns(hidden, hidden));
    }
}
