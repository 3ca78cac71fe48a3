package io.bridgetower.model;

import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.Workspace;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * BridgeTower without heads (arXiv 2206.08657): a text tower, an image tower, and cross-modal layers that read both
 * through bridges.
 *
 * <p>{@link #forward} is {@link #encodeTexts}, {@link #encodeImages} and {@link #fuse}, and gives the same bits. The
 * result for one pair depends on nothing else in its batch, nor on the number of threads.
 *
 * <p>Owns its weights and threads until {@link #close}. Safe for use by several threads at once.
 */
public final class BridgeTowerModel implements AutoCloseable {
    /** Texts computed together at the most: their rows make the products tall enough, and the memory stays small. */
    private static final int TEXTS_PER_GROUP = 32;

    /** Pairs fused together at the most: each holds the rows of an image several times over. */
    private static final int PAIRS_PER_GROUP = 4;

    /** The token type of images where a caller names none. */
    private static final int IMAGE_TOKEN_TYPE = 1;

    private final BridgeTowerConfig config;
    private final Arena arena = Arena.ofShared();
    private final Shards shards;
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;

    private final TextTower textTower;
    private final VisionTower visionTower;
    private final Bridge[] imageBridges;
    private final CrossModalEncoder encoder;
    private final Pooler textPooler;
    private final Pooler imagePooler;

    private BridgeTowerModel(Checkpoint checkpoint, ModelOptions options) throws IOException {
        config = checkpoint.config();
        checkSupported(config);
        shards = new Shards(options.threads());
        try {
            Parameters trunk = new Parameters(checkpoint.trunk(), arena, shards.team());
            Tensor types = trunk.tensor("token_type_embeddings.weight", 2, config.hiddenSize());
            Bridge textBridge =
                    new Bridge(trunk, "text", config.textConfig().hiddenSize(), config).plus(trunk, types.slice(0, 1));
            Bridge imageBridge =
                    new Bridge(trunk, "image", config.visionConfig().hiddenSize(), config);
            imageBridges =
                    new Bridge[] {imageBridge.plus(trunk, types.slice(0, 1)), imageBridge.plus(trunk, types.slice(1, 1))
                    };
            textTower = new TextTower(trunk.sub("text_model"), textBridge, config);
            visionTower = new VisionTower(trunk.sub("vision_model.visual"), config);
            encoder = new CrossModalEncoder(trunk, config);
            textPooler = new Pooler(trunk.sub("cross_modal_text_pooler"), config.hiddenSize());
            imagePooler = new Pooler(trunk.sub("cross_modal_image_pooler"), config.hiddenSize());
        } catch (IOException | RuntimeException | Error e) {
            shards.close();
            arena.close();
            throw e;
        }
    }

    /**
     * Loads a model directory.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     */
    public static BridgeTowerModel load(Path directory) throws IOException {
        return load(directory, ModelOptions.defaults());
    }

    /** As {@link #load(Path)}, with options. */
    public static BridgeTowerModel load(Path directory, ModelOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return load(checkpoint, options);
        }
    }

    /**
     * Loads from an open checkpoint, which may be closed afterwards: the weights are copied.
     *
     * @throws IOException if a tensor is missing or has another shape than the configuration says
     */
    public static BridgeTowerModel load(Checkpoint checkpoint, ModelOptions options) throws IOException {
        return new BridgeTowerModel(checkpoint, options);
    }

    /** The configuration that the checkpoint holds. */
    public BridgeTowerConfig config() {
        return config;
    }

    /** Bytes that finished calls have left for later ones. */
    public long workspaceBytes() {
        return shards.byteSize();
    }

    /**
     * Runs the text tower.
     *
     * @param inputIds token ids; texts may differ in length
     * @param attentionMask of the same shape, 0 for tokens that only fill up a batch; null if there are none. What is
     *     masked is left out, not computed
     * @throws IllegalArgumentException if a text is empty or has more tokens than the model has positions, or an id or
     *     mask is out of range
     * @throws IllegalStateException if the model is closed
     */
    public TextEncoding[] encodeTexts(int[][] inputIds, int[][] attentionMask) {
        TextBatch batch = TextBatch.of(inputIds, attentionMask, false, config.textConfig());
        return run(workspace -> encodeTexts(workspace, batch, BridgeTowerModel::collected));
    }

    /**
     * Runs the vision tower.
     *
     * @param pixelValues [images, channels, height, width], of the size that the model was made for
     * @throws IllegalArgumentException if the shape is another
     * @throws IllegalStateException if the model is closed
     */
    public ImageEncoding[] encodeImages(Tensor pixelValues) {
        checkPixels(pixelValues);
        return run(workspace -> encodeImages(workspace, pixelValues, BridgeTowerModel::collected));
    }

    /**
     * Runs the cross-modal layers on text i with image i.
     *
     * @throws IllegalArgumentException if there are not as many texts as images
     * @throws IllegalStateException if the model is closed
     */
    public BridgeTowerModelOutput fuse(TextEncoding[] texts, ImageEncoding[] images) {
        checkPairs(texts.length, images.length);
        return run(workspace -> features(workspace, texts, images));
    }

    /**
     * Runs the whole model on text i with image i.
     *
     * @param inputIds token ids; texts may differ in length
     * @param attentionMask of the same shape, 0 for tokens that only fill up a batch; null if there are none. Masked
     *     tokens have features like any other, but nobody attends to them
     * @param pixelValues [texts, channels, height, width]
     * @throws IllegalArgumentException as {@link #encodeTexts}, {@link #encodeImages} and {@link #fuse}
     * @throws IllegalStateException if the model is closed
     */
    public BridgeTowerModelOutput forward(int[][] inputIds, int[][] attentionMask, Tensor pixelValues) {
        TextBatch batch = TextBatch.of(inputIds, attentionMask, true, config.textConfig());
        checkPixels(pixelValues);
        checkPairs(batch.size(), pixelValues.dim(0));
        return run(workspace -> features(
                workspace,
                encodeTexts(workspace, batch, workspace::matrix),
                encodeImages(workspace, pixelValues, workspace::matrix)));
    }

    /**
     * Frees the weights and ends the threads, after calls that are running have returned; later calls throw {@link
     * IllegalStateException}. Closing again does nothing.
     */
    @Override
    public void close() {
        whenIdle(() -> {
            if (closed) return;
            closed = true;
            shards.close();
            arena.close();
        });
    }

    /** Acts while no call is running. */
    void whenIdle(Runnable action) {
        lifetime.writeLock().lock();
        try {
            action.run();
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    /** Computes with a workspace of this model while nobody can close it. */
    <T> T run(Function<Workspace, T> computation) {
        lifetime.readLock().lock();
        try {
            if (closed) throw new IllegalStateException("the model is closed");
            Workspace workspace = shards.lease();
            try {
                return computation.apply(workspace);
            } finally {
                shards.giveBack(workspace);
            }
        } finally {
            lifetime.readLock().unlock();
        }
    }

    Shards shards() {
        return shards;
    }

    /**
     * Pooled text and pooled image of every pair, computing nothing that they do not need.
     *
     * @return [pairs, 2 · hidden], on the workspace
     */
    Matrix pooled(Workspace workspace, TextEncoding[] texts, ImageEncoding[] images) {
        int hidden = config.hiddenSize();
        Matrix pooled = workspace.matrix(texts.length, 2 * hidden);
        shards.run(workspace, texts.length, PAIRS_PER_GROUP, (own, first, count) -> {
            long mark = own.mark();
            PairBatch pairs = pairs(texts, images, first, count);
            CrossModalEncoder.Features features = encoder.forward(own, pairs, true);
            pool(own, features.text(), features.image(), pooled.rows(first, count));
            own.release(mark);
        });
        return pooled;
    }

    /** Pooled text and pooled image of every pair of a batch of which nothing else is asked for. */
    Matrix pooled(Workspace workspace, TextBatch batch, Tensor pixelValues) {
        return pooled(
                workspace,
                encodeTexts(workspace, batch, workspace::matrix),
                encodeImages(workspace, pixelValues, workspace::matrix));
    }

    void checkPixels(Tensor pixels) {
        BridgeTowerVisionConfig vision = config.visionConfig();
        int[] expected = {
            pixels.rank() == 0 ? 0 : pixels.dim(0), vision.numChannels(), vision.imageSize(), vision.imageSize()
        };
        if (!Arrays.equals(pixels.shape(), expected)) {
            throw new IllegalArgumentException("pixel_values: expected [*, " + vision.numChannels() + ", "
                    + vision.imageSize() + ", " + vision.imageSize() + "], found " + Arrays.toString(pixels.shape()));
        }
    }

    static void checkPairs(int texts, int images) {
        if (texts != images) {
            throw new IllegalArgumentException("expected as many texts as images, found " + texts + " and " + images);
        }
    }

    private TextEncoding[] encodeTexts(
            Workspace workspace, TextBatch batch, BiFunction<Integer, Integer, Matrix> memory) {
        Matrix[] stages = stages(batch.rows(), memory);
        shards.run(workspace, batch.size(), TEXTS_PER_GROUP, (own, first, count) -> {
            TextBatch part = batch.slice(first, count);
            textTower.encode(own, part, rows(stages, batch.text(first).firstRow(), part.rows()));
        });
        TextEncoding[] encodings = new TextEncoding[batch.size()];
        for (int i = 0; i < encodings.length; i++) {
            TextBatch.Text text = batch.text(i);
            encodings[i] = new TextEncoding(rows(stages, text.firstRow(), text.rows()), text.visible());
        }
        return encodings;
    }

    private ImageEncoding[] encodeImages(
            Workspace workspace, Tensor pixels, BiFunction<Integer, Integer, Matrix> memory) {
        int images = pixels.dim(0), tokens = visionTower.tokens();
        Matrix[] stages = stages(Math.multiplyExact(images, tokens), memory);
        int[] shape = Arrays.copyOfRange(pixels.shape(), 1, 4);
        ImageEncoding[] encodings = new ImageEncoding[images];
        for (int i = 0; i < images; i++) encodings[i] = new ImageEncoding(rows(stages, i * tokens, tokens));
        shards.run(
                workspace,
                images,
                1,
                (own, image, one) -> visionTower.encode(
                        own,
                        pixels.slice(image, 1).view(shape),
                        imageBridges[IMAGE_TOKEN_TYPE],
                        rows(stages, image * tokens, tokens)));
        return encodings;
    }

    private BridgeTowerModelOutput features(Workspace workspace, TextEncoding[] texts, ImageEncoding[] images) {
        int hidden = config.hiddenSize(), longest = 0;
        for (TextEncoding text : texts) longest = Math.max(longest, text.tokens());
        Arena results = Arena.ofAuto();
        Tensor textFeatures = Tensor.allocate(results, texts.length, longest, hidden);
        Tensor imageFeatures = Tensor.allocate(results, texts.length, visionTower.tokens(), hidden);
        Tensor poolerOutput = Tensor.allocate(results, texts.length, 2 * hidden);
        shards.run(workspace, texts.length, PAIRS_PER_GROUP, (own, first, count) -> {
            long mark = own.mark();
            PairBatch pairs = pairs(texts, images, first, count);
            CrossModalEncoder.Features features = encoder.forward(own, pairs, false);
            for (int i = 0; i < count; i++) {
                copy(pairs.text(i, features.text()), Matrix.of(textFeatures.slice(first + i, 1)));
                copy(pairs.image(i, features.image()), Matrix.of(imageFeatures.slice(first + i, 1)));
            }
            pool(
                    own,
                    pairs.firstTextRows(own, features.text()),
                    pairs.firstImageRows(own, features.image()),
                    Matrix.of(poolerOutput).rows(first, count));
            own.release(mark);
        });
        return new BridgeTowerModelOutput(textFeatures, imageFeatures, poolerOutput);
    }

    private void pool(Workspace workspace, Matrix firstText, Matrix firstImage, Matrix pooled) {
        int hidden = config.hiddenSize();
        textPooler.forward(workspace, firstText, pooled.columns(0, hidden));
        imagePooler.forward(workspace, firstImage, pooled.columns(hidden, hidden));
    }

    private Matrix[] stages(int rows, BiFunction<Integer, Integer, Matrix> memory) {
        Matrix[] stages = new Matrix[config.numHiddenLayers()];
        for (int i = 0; i < stages.length; i++) stages[i] = memory.apply(rows, config.hiddenSize());
        return stages;
    }

    /** Memory that is freed when the encodings that share it are no longer reachable. */
    private static Matrix collected(int rows, int columns) {
        return Matrix.of(Tensor.allocate(Arena.ofAuto(), rows, columns));
    }

    private static Matrix[] rows(Matrix[] stages, int first, int count) {
        Matrix[] part = new Matrix[stages.length];
        for (int i = 0; i < part.length; i++) part[i] = stages[i].rows(first, count);
        return part;
    }

    private static PairBatch pairs(TextEncoding[] texts, ImageEncoding[] images, int first, int count) {
        return new PairBatch(
                Arrays.copyOfRange(texts, first, first + count), Arrays.copyOfRange(images, first, first + count));
    }

    private static void copy(Matrix from, Matrix to) {
        for (int row = 0; row < from.rows(); row++) Rows.copy(from, row, to, row);
    }

    private static void checkSupported(BridgeTowerConfig config) {
        PositionEmbeddingType type = config.textConfig().positionEmbeddingType();
        if (type != PositionEmbeddingType.ABSOLUTE) {
            throw new IllegalArgumentException("text_config.position_embedding_type: expected absolute, found "
                    + type.name().toLowerCase());
        }
    }
}
