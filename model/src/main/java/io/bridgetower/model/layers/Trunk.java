package io.bridgetower.model.layers;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.batch.BridgedStates;
import io.bridgetower.model.batch.Confinement;
import io.bridgetower.model.batch.EncodedPairs;
import io.bridgetower.model.batch.PairBatch;
import io.bridgetower.model.batch.Route;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.inputs.EncodingPrecision;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.layers.CrossModalEncoder.Features;
import io.bridgetower.model.layers.CrossModalEncoder.Wanted;
import io.bridgetower.model.outputs.BridgeTowerModelOutput;
import io.bridgetower.model.runtime.BatchRunner;
import io.bridgetower.model.runtime.Parameters;
import io.bridgetower.model.runtime.Results;
import io.bridgetower.model.runtime.Trace;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/**
 * The parts of BridgeTower and how a batch runs through them: encode the texts, encode the images, fuse. Everything takes
 * the {@link Workspace} of the call and returns matrices of it.
 */
public final class Trunk {
    /** Texts computed together at the most: their rows make the products tall enough, and the memory stays small. */
    private static final int TEXTS_PER_GROUP = 32;

    /** Pairs fused together at the most: each holds the rows of an image several times over. */
    private static final int PAIRS_PER_GROUP = 4;

    /** The token type whose embedding is part of contrastive image embeddings. */
    private static final int ITC_IMAGE_TYPE = 1;

    private final BridgeTowerConfig config;
    private final BatchRunner runner;
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

    public Trunk(Parameters trunk, BridgeTowerConfig config, BatchRunner runner) throws IOException {
        this.config = config;
        this.runner = runner;
        firstTextBridge = config.numUnimodalLayers();
        firstImageBridge = config.numUnimodalVisionBlocks();
        int types = config.modalityTypeVocabSize();
        Tensor typeRows = trunk.tensor("token_type_embeddings.weight", types, config.hiddenSize());
        Bridge image = new Bridge(trunk, "image", config.visionConfig().hiddenSize(), config);
        imageBridges = new Bridge[types];
        for (int type = 0; type < types; type++) imageBridges[type] = image.plus(trunk, typeRows.slice(type, 1));
        textBridge =
                new Bridge(trunk, "text", config.textConfig().hiddenSize(), config).plus(trunk, typeRows.slice(0, 1));
        textTower = new TextTower(trunk.sub("text_model"), config.textConfig());
        visionTower =
                new VisionTower(trunk.sub("vision_model.visual"), config.visionConfig(), config.numVisionBlocks());
        encoder = new CrossModalEncoder(trunk, config, runner);
        textPooler = new Pooler(trunk.sub("cross_modal_text_pooler"), config.hiddenSize());
        imagePooler = new Pooler(trunk.sub("cross_modal_image_pooler"), config.hiddenSize());
    }

    /**
     * Number of tokens of every image of a batch; checks the batch.
     *
     * @throws IllegalArgumentException if the shape is not what the model takes, or it has no such token type
     * @throws WrongThreadException if the memory is confined to another thread
     * @throws IllegalStateException if the memory has been freed
     */
    public int imageTokens(ImageInputs inputs) {
        if (inputs.tokenTypeIdx() >= imageBridges.length) {
            throw new IllegalArgumentException("image_token_type_idx: expected 0 to " + (imageBridges.length - 1)
                    + ", found " + inputs.tokenTypeIdx());
        }
        return visionTower.tokens(inputs);
    }

    /** What a text of so many rows takes. */
    public BridgedStates.Shape textShape(int tokens, EncodingPrecision precision) {
        return new BridgedStates.Shape(
                config.numHiddenLayers(), tokens, config.hiddenSize(), config.hiddenSize(), precision);
    }

    /** What an image of so many tokens takes. */
    public BridgedStates.Shape imageShape(int tokens, EncodingPrecision precision) {
        int vision = config.visionConfig().hiddenSize();
        return new BridgedStates.Shape(config.numHiddenLayers(), tokens, config.hiddenSize(), vision, precision);
    }

    /**
     * Encodes texts and images on the workspace.
     *
     * @param trace is shown every layer; null for none
     */
    public EncodedPairs encode(Workspace workspace, TextBatch givenTexts, ImageInputs givenImages, Trace trace) {
        TextBatch batch = givenTexts.readable(workspace);
        ImageInputs inputs = Confinement.readable(workspace, givenImages);
        BridgedStates[] texts = new BridgedStates[batch.size()], images = new BridgedStates[inputs.size()];
        for (int i = 0; i < texts.length; i++) {
            BridgedStates.Shape shape = textShape(batch.text(i).rows(), EncodingPrecision.F32);
            texts[i] = BridgedStates.on(workspace, shape, batch.text(i).visible());
        }
        BridgedStates.Shape shape = imageShape(imageTokens(inputs), EncodingPrecision.F32);
        for (int i = 0; i < images.length; i++) images[i] = BridgedStates.on(workspace, shape, null);
        if (runner.byItem(images.length)) {
            // A worker that is still busy with texts would start its images late and finish last.
            encodeTexts(workspace, batch, texts, trace);
            encodeImages(workspace, inputs, images, trace);
        } else {
            runner.sideBySide(
                    workspace,
                    own -> encodeImages(own, inputs, images, trace),
                    own -> encodeTexts(own, batch, texts, trace));
        }
        return new EncodedPairs(texts, images);
    }

    /** The same texts with other images, which are encoded on the workspace. */
    public EncodedPairs withImages(Workspace workspace, EncodedPairs pairs, ImageInputs givenImages) {
        ImageInputs inputs = Confinement.readable(workspace, givenImages);
        BridgedStates[] images = new BridgedStates[inputs.size()];
        BridgedStates.Shape shape = imageShape(imageTokens(inputs), EncodingPrecision.F32);
        for (int i = 0; i < images.length; i++) images[i] = BridgedStates.on(workspace, shape, null);
        encodeImages(workspace, inputs, images, null);
        return new EncodedPairs(pairs.texts(), images);
    }

    /**
     * Encodes texts into memory that there is for each.
     *
     * @param trace is shown every layer; null for none
     */
    public void encodeTexts(Workspace workspace, TextBatch batch, BridgedStates[] into, Trace trace) {
        forEachTextGroup(
                workspace,
                batch,
                (own, part) -> textTower.forward(own, part, (layer, x) -> {
                    int bridge = layer - firstTextBridge, first = part.firstText();
                    if (bridge >= 0) {
                        long mark = own.mark();
                        Matrix bridged = own.matrix(x.rows(), config.hiddenSize());
                        textBridge.forward(own, bridge, x, bridged);
                        for (int i = 0; i < part.size(); i++) into[first + i].putBridged(bridge, part.text(i, bridged));
                        if (bridge == 0) attend(own, part, bridged, into, trace);
                        own.release(mark);
                    }
                    if (layer == textTower.layers()) {
                        for (int i = 0; i < part.size(); i++) {
                            into[first + i].putFirst(part.text(i, x).rows(0, 1));
                        }
                    }
                    if (trace != null) trace.text(layer, part, x);
                }));
    }

    /**
     * Encodes images into memory that there is for each.
     *
     * @param trace is shown every layer; null for none
     */
    public void encodeImages(Workspace workspace, ImageInputs images, BridgedStates[] into, Trace trace) {
        int tokens = imageTokens(images), blocks = config.numVisionBlocks();
        Bridge imageBridge = imageBridges[images.tokenTypeIdx()];
        forEachImageGroup(workspace, images, (own, inputs, first, count) -> {
            visionTower.forward(own, inputs, first, count, (layer, x) -> {
                if (trace != null) trace.images(layer, first, x);
                int bridge = layer - firstImageBridge;
                if (bridge < 0) return;
                long mark = own.mark();
                Matrix normed = own.matrix(x.rows(), x.columns()), bridged = own.matrix(x.rows(), config.hiddenSize());
                visionTower.postNorm(own, x, normed);
                imageBridge.forward(own, bridge, normed, bridged);
                for (int i = 0; i < count; i++) {
                    into[first + i].putBridged(bridge, bridged.rows(i * tokens, tokens));
                    if (layer == blocks) into[first + i].putFirst(normed.rows(i * tokens, 1));
                }
                if (bridge == 0) attend(own, first, count, bridged, into, trace);
                own.release(mark);
            });
        });
    }

    /** Computes what the first cross-modal layer makes of texts alone. */
    private void attend(Workspace workspace, TextBatch batch, Matrix x, BridgedStates[] into, Trace trace) {
        int first = batch.firstText();
        Matrix attended = workspace.matrix(x.rows(), x.columns());
        Attention.Probabilities probabilities = trace == null ? null : trace.firstOfTexts(first, batch.size());
        encoder.attendTexts(workspace, x, Route.of(batch.selfAttention()).keeping(probabilities), attended);
        for (int i = 0; i < batch.size(); i++) into[first + i].putAttended(batch.text(i, attended));
    }

    /** The same for images. */
    private void attend(Workspace workspace, int first, int count, Matrix x, BridgedStates[] into, Trace trace) {
        int tokens = x.rows() / count;
        Matrix attended = workspace.matrix(x.rows(), x.columns());
        Attention.Probabilities probabilities = trace == null ? null : trace.firstOfImages(first, count);
        Attention.Sequence[] self = VisionTower.sequences(count, tokens);
        encoder.attendImages(workspace, x, Route.of(self).keeping(probabilities), attended);
        for (int i = 0; i < count; i++) into[first + i].putAttended(attended.rows(i * tokens, tokens));
    }

    /** The text tower alone: its last output for the first token of every text, [texts, hidden], on the workspace. */
    public Matrix firstTextTokens(Workspace workspace, TextBatch batch) {
        Matrix firsts = workspace.matrix(batch.size(), config.hiddenSize());
        forEachTextGroup(workspace, batch, (own, part) -> {
            textTower.forwardFirst(own, part, firsts.rows(part.firstText(), part.size()));
        });
        return firsts;
    }

    /**
     * The vision tower alone: its last output for the class token of every image, after the final LayerNorm, [images,
     * vision hidden], on the workspace.
     */
    public Matrix firstImageTokens(Workspace workspace, ImageInputs images) {
        Matrix firsts = workspace.matrix(images.size(), config.visionConfig().hiddenSize());
        forEachImageGroup(workspace, images, (own, inputs, first, count) -> {
            visionTower.forwardFirst(own, inputs, first, firsts.rows(first, count));
        });
        return firsts;
    }

    /** {@link #firstImageTokens} carried over the last bridge, [images, hidden], on the workspace. */
    public Matrix bridgedImageTokens(Workspace workspace, Matrix firsts) {
        Matrix bridged = workspace.matrix(firsts.rows(), config.hiddenSize());
        imageBridges[ITC_IMAGE_TYPE].last(workspace, firsts, bridged);
        return bridged;
    }

    /** Pooled text and pooled image of every pair, [pairs, 2 · hidden], on the workspace. */
    public Matrix pooled(Workspace workspace, EncodedPairs encoded) {
        Matrix pooled = workspace.matrix(encoded.size(), 2 * config.hiddenSize());
        fuse(workspace, encoded, Wanted.FIRST_ROWS, null, (own, part, features) -> {
            pool(own, features.text(), features.image(), pooled.rows(part.first(), part.size()));
        });
        return pooled;
    }

    /** Text features of some rows of every pair, those of all pairs one under the other, on the workspace. */
    public Matrix textRows(Workspace workspace, EncodedPairs encoded, int[][] rows) {
        int[] starts = new int[rows.length + 1];
        for (int i = 0; i < rows.length; i++) starts[i + 1] = starts[i] + rows[i].length;
        Matrix chosen = workspace.matrix(starts[rows.length], config.hiddenSize());
        fuse(workspace, encoded, Wanted.TEXT, null, (own, part, features) -> {
            for (int i = 0; i < part.size(); i++) {
                Matrix text = part.text(i, features.text());
                int pair = part.first() + i;
                for (int j = 0; j < rows[pair].length; j++) Rows.copy(text, rows[pair][j], chosen, starts[pair] + j);
            }
        });
        return chosen;
    }

    /**
     * @param results where the features go
     * @param trace is shown every layer and asked for what it kept; null for none
     */
    public BridgeTowerModelOutput features(Workspace workspace, Results results, EncodedPairs encoded, Trace trace) {
        int size = encoded.size(), hidden = config.hiddenSize();
        int imageTokens = size == 0 ? 0 : encoded.images()[0].tokens();
        Tensor textFeatures = results.tensor(size, encoded.longestText(), hidden);
        Tensor imageFeatures = results.tensor(size, imageTokens, hidden);
        Tensor poolerOutput = results.tensor(size, 2 * hidden);
        fuse(workspace, encoded, Wanted.ALL, trace, (own, part, features) -> {
            for (int i = 0; i < part.size(); i++) {
                Trace.copy(part.text(i, features.text()), textFeatures, part.first() + i);
                Trace.copy(part.image(i, features.image()), imageFeatures, part.first() + i);
            }
            Matrix firstText = part.firstTextRows(own, features.text());
            Matrix firstImage = part.firstImageRows(own, features.image());
            pool(own, firstText, firstImage, Matrix.of(poolerOutput).rows(part.first(), part.size()));
        });
        return new BridgeTowerModelOutput(
                results.finished(textFeatures),
                results.finished(imageFeatures),
                results.finished(poolerOutput),
                trace == null ? null : trace.hiddenStates(),
                trace == null ? null : trace.attentions(),
                trace == null ? null : trace.crossAttentions());
    }

    @FunctionalInterface
    private interface TextGroup {
        void run(Workspace workspace, TextBatch part);
    }

    @FunctionalInterface
    private interface ImageGroup {
        void run(Workspace workspace, ImageInputs inputs, int first, int count);
    }

    @FunctionalInterface
    private interface FusedGroup {
        void run(Workspace workspace, PairBatch part, Features features);
    }

    private void forEachTextGroup(Workspace workspace, TextBatch given, TextGroup group) {
        TextBatch batch = given.readable(workspace);
        texts.add(batch.size());
        runner.run(workspace, batch.size(), TEXTS_PER_GROUP, (own, first, count) -> {
            group.run(own, batch.slice(first, count));
        });
    }

    private void forEachImageGroup(Workspace workspace, ImageInputs given, ImageGroup group) {
        ImageInputs inputs = Confinement.readable(workspace, given);
        images.add(inputs.size());
        visionTower.inGroups(runner, workspace, inputs, (own, first, count) -> group.run(own, inputs, first, count));
    }

    /** Runs the cross-modal layers on all pairs, group by group. */
    private void fuse(Workspace workspace, EncodedPairs encoded, Wanted wanted, Trace trace, FusedGroup group) {
        pairs.add(encoded.size());
        runner.run(workspace, encoded.size(), PAIRS_PER_GROUP, (own, first, count) -> {
            long mark = own.mark();
            PairBatch part = new PairBatch(encoded, first, count);
            group.run(own, part, encoder.forward(own, part, wanted, trace));
            own.release(mark);
        });
    }

    /** Texts that the text tower has read. */
    public long texts() {
        return texts.sum();
    }

    /** Images that the vision tower has read. */
    public long images() {
        return images.sum();
    }

    /** Pairs that the cross-modal layers have read. */
    public long pairs() {
        return pairs.sum();
    }

    private void pool(Workspace workspace, Matrix firstText, Matrix firstImage, Matrix pooled) {
        int hidden = config.hiddenSize();
        textPooler.forward(workspace, firstText, pooled.columns(0, hidden));
        imagePooler.forward(workspace, firstImage, pooled.columns(hidden, hidden));
    }
}
