package io.bridgetower.model;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.TensorArena;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.warmup.KernelWarmUp;
import io.bridgetower.model.batch.BridgedStates;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.EncodingPrecision;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.layers.Trunk;
import io.bridgetower.model.layers.VisionBlock;
import io.bridgetower.model.outputs.BridgeTowerModelOutput;
import io.bridgetower.model.runtime.EncodingMemory;
import io.bridgetower.model.runtime.ModelMemory;
import io.bridgetower.model.runtime.Results;
import io.bridgetower.model.runtime.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * BridgeTower without heads (arXiv 2206.08657): a text tower, an image tower, and cross-modal layers that read both
 * through bridges.
 *
 * <p>{@link #forward} is {@link #encodeTexts}, {@link #encodeImages} and {@link #fuse}, and gives the same bits. The
 * result for one pair depends on nothing else in its batch, nor on the number of threads.
 *
 * <p>Results own their memory, off the heap, and are closed by the caller; or they lie in an arena of the caller, where a
 * method is given one.
 *
 * <p>Owns its weights and threads until {@link #close}. Safe for use by several threads at once: {@link
 * ModelOptions#maxConcurrentCalls} calls compute at the same time, the others wait in the order in which they came. Neither
 * waiting nor computing nor loading can be interrupted; a thread that is interrupted meanwhile still is when the call
 * returns.
 */
public final class BridgeTowerModel implements AutoCloseable {
    private final BridgeTowerConfig config;
    private final ModelMemory memory;
    private final EncodingMemory encodings = new EncodingMemory();
    private final Trunk trunk;
    private final ModelIdentity identity;

    private BridgeTowerModel(Checkpoint checkpoint, ModelOptions options) throws IOException {
        config = checkpoint.config();
        memory = options.newMemory();
        try (var _ = KernelWarmUp.start(memory.precision().format(), activations(config))) {
            trunk = new Trunk(memory.parameters(checkpoint.trunk()), config, memory.runner());
            identity = ModelIdentity.ofTrunk(checkpoint.trunk(), config, memory.precision());
        } catch (IOException | RuntimeException | Error e) {
            memory.close();
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
        try (Checkpoint checkpoint = Checkpoint.open(directory, options.variant())) {
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

    /**
     * What tells this model's encodings from those of others: a version, how the weights are held in memory and multiplied, and a hash of
     * the fields of the configuration that decide what is computed and of every byte of the trunk's tensors. The same
     * weights in the same type have the same, whatever kind of file they come from, and whatever heads come with them.
     *
     * <p>The first call reads the files of weights again, about a second for each gigabyte; later calls, and for large
     * files later loads, find the hashes kept.
     *
     * @throws UncheckedIOException if the files have changed since the model was loaded, or cannot be read
     */
    public String fingerprint() {
        return identity.fingerprint();
    }

    /** How its weights are held in memory. */
    public WeightPrecision weightPrecision() {
        return memory.precision().weights();
    }

    /** How exactly its matrix products are computed. */
    public ProductPrecision productPrecision() {
        return memory.precision().products();
    }

    /** What the model holds in addition to its weights, and what it has computed. Safe to call while calls are running. */
    public ModelUsage usage() {
        return new ModelUsage(
                memory.runner().byteSize(),
                encodings.liveBytes(),
                encodings.freeBytes(),
                trunk.texts(),
                trunk.images(),
                trunk.pairs());
    }

    /**
     * Computes with made-up inputs again and again until the JIT compiler has no more to do, so that the first real calls
     * are about as fast as later ones: some seconds, for a base model on two processors ten. For servers, before they
     * report to be ready.
     *
     * <p>This covers pairs that are computed with all threads, the items of batches, each of which one thread computes,
     * encodings in every precision and what is computed from them, all features, and the towers alone. It does not cover
     * tokenizing, reading images, what a head adds, hidden states and attentions, nor the memory of large batches, which
     * grows in their first call.
     *
     * @throws IllegalStateException if the model is closed
     */
    public void warmUp() {
        memory.checkOpen();
        KernelWarmUp.complete(memory.precision().format(), activations(config));
        new WarmUp(this).run();
    }

    /**
     * Runs the text tower and its bridges.
     *
     * @return an encoding for each text, the caller's to close
     * @throws IllegalArgumentException if a text is empty or has more tokens than the model has positions, or an id,
     *     type or mask is out of range
     * @throws WrongThreadException if embeddings are confined to another thread
     * @throws IllegalStateException if the model is closed, or the memory of embeddings is freed
     */
    public TextEncoding[] encodeTexts(TextInputs texts, EncodingPrecision precision) {
        TextBatch batch = batch(texts, false);
        try (var computation = memory.begin()) {
            Workspace workspace = computation.workspace();
            TextEncoding[] made = new TextEncoding[batch.size()];
            return filled(made, () -> {
                for (int i = 0; i < made.length; i++) {
                    TextBatch.Text text = batch.text(i);
                    made[i] = newText(trunk.textShape(text.rows(), precision), text.visible());
                }
                trunk.encodeTexts(workspace, batch, states(made), null);
            });
        }
    }

    /** As {@link #encodeTexts(TextInputs, EncodingPrecision)}, in 32 bits. */
    public TextEncoding[] encodeTexts(TextInputs texts) {
        return encodeTexts(texts, EncodingPrecision.F32);
    }

    /** As {@link #encodeTexts(TextInputs)}, from token ids and an attention mask, which may be null. */
    public TextEncoding[] encodeTexts(int[][] inputIds, int[][] attentionMask) {
        return encodeTexts(TextInputs.of(inputIds, attentionMask));
    }

    /**
     * Runs the vision tower and its bridges.
     *
     * @return an encoding for each image, the caller's to close
     * @throws IllegalArgumentException if the shape is not what the model takes
     * @throws WrongThreadException if the images are confined to another thread
     * @throws IllegalStateException if the model is closed, or the memory of the images is freed
     */
    public ImageEncoding[] encodeImages(ImageInputs images, EncodingPrecision precision) {
        BridgedStates.Shape shape = trunk.imageShape(trunk.imageTokens(images), precision);
        try (var computation = memory.begin()) {
            Workspace workspace = computation.workspace();
            ImageEncoding[] made = new ImageEncoding[images.size()];
            return filled(made, () -> {
                for (int i = 0; i < made.length; i++) made[i] = newImage(shape, images.tokenTypeIdx());
                trunk.encodeImages(workspace, images, states(made), null);
            });
        }
    }

    /** As {@link #encodeImages(ImageInputs, EncodingPrecision)}, in 32 bits. */
    public ImageEncoding[] encodeImages(ImageInputs images) {
        return encodeImages(images, EncodingPrecision.F32);
    }

    /** As {@link #encodeImages(ImageInputs)}, from pixels, [images, channels, height, width]. */
    public ImageEncoding[] encodeImages(Tensor pixelValues) {
        return encodeImages(ImageInputs.of(pixelValues));
    }

    /**
     * Runs the cross-modal layers on text i with image i.
     *
     * @return features that own their memory
     * @throws IllegalArgumentException if there are not as many texts as images, images differ in size, or an encoding is
     *     for another model
     * @throws IllegalStateException if the model or an encoding is closed
     */
    public BridgeTowerModelOutput fuse(TextEncoding[] texts, ImageEncoding[] images) {
        return TensorArena.owning(arena -> fuse(arena, texts, images));
    }

    /**
     * As {@link #fuse(TextEncoding[], ImageEncoding[])}.
     *
     * @param arena owner of the features; may be confined to the calling thread
     */
    public BridgeTowerModelOutput fuse(Arena arena, TextEncoding[] texts, ImageEncoding[] images) {
        checkPairs(texts.length, images.length);
        for (ImageEncoding image : images) {
            if (image.tokens() != images[0].tokens()) {
                throw new IllegalArgumentException("features of images of " + images[0].tokens() + " and "
                        + image.tokens() + " tokens do not fit in one tensor");
            }
        }
        try (var computation = memory.begin()) {
            Workspace workspace = computation.workspace();
            try (Reading reading = reading(texts, images, Pairing.oneToOne(texts.length))) {
                return trunk.features(workspace, new Results(arena, workspace), reading.encoded(), null);
            }
        }
    }

    /**
     * Runs the whole model on text i with image i. Masked tokens have features like any other, but no token attends to
     * them.
     *
     * @param capture what to keep in addition to the features
     * @return features that own their memory
     * @throws IllegalArgumentException as {@link #encodeTexts}, {@link #encodeImages} and {@link #fuse}
     * @throws WrongThreadException if an input is confined to another thread
     * @throws IllegalStateException if the model is closed, or the memory of an input is freed
     */
    public BridgeTowerModelOutput forward(TextInputs texts, ImageInputs images, Capture capture) {
        return TensorArena.owning(arena -> forward(arena, texts, images, capture));
    }

    /**
     * As {@link #forward(TextInputs, ImageInputs, Capture)}.
     *
     * @param arena owner of the features and of what is kept; may be confined to the calling thread
     */
    public BridgeTowerModelOutput forward(Arena arena, TextInputs texts, ImageInputs images, Capture capture) {
        TextBatch batch = batch(texts, true);
        checkPairs(batch.size(), images.size());
        int imageTokens = trunk.imageTokens(images);
        try (var computation = memory.begin()) {
            Workspace workspace = computation.workspace();
            Results results = new Results(arena, workspace);
            Trace trace = capture.equals(Capture.NONE)
                    ? null
                    : new Trace(results, capture, config, batch.size(), texts.longest(), imageTokens);
            return trunk.features(workspace, results, trunk.encode(workspace, batch, images, trace), trace);
        }
    }

    /** As {@link #forward(TextInputs, ImageInputs, Capture)}, from ids, a mask that may be null, and pixels. */
    public BridgeTowerModelOutput forward(int[][] inputIds, int[][] attentionMask, Tensor pixelValues) {
        return forward(TextInputs.of(inputIds, attentionMask), ImageInputs.of(pixelValues), Capture.NONE);
    }

    /**
     * Frees the memory that finished calls and closed encodings have left for later ones. Without this,
     * what a huge batch has left is freed after some 32 to 64 calls that need less than half of it.
     */
    public void trim() {
        memory.runner().trim();
        encodings.trim();
    }

    /**
     * Frees the weights and ends the threads, after calls that are running have returned; those that wait, and later ones,
     * throw {@link IllegalStateException}. Encodings stay their owner's to close. Closing again does nothing.
     */
    @Override
    public void close() {
        memory.close();
        encodings.close();
    }

    ModelIdentity identity() {
        return identity;
    }

    ModelMemory memory() {
        return memory;
    }

    Trunk trunk() {
        return trunk;
    }

    /** Checks and lays out texts. */
    TextBatch batch(TextInputs texts, boolean keepPadding) {
        return TextBatch.of(texts, keepPadding, 0, config.textConfig());
    }

    private static Activation[] activations(BridgeTowerConfig config) {
        return new Activation[] {VisionBlock.ACTIVATION, config.textConfig().hiddenAct()};
    }

    static void checkPairs(int texts, int images) {
        if (texts != images) {
            throw new IllegalArgumentException("expected as many texts as images, found " + texts + " and " + images
                    + "; for other pairs, encode both and give a Pairing");
        }
    }

    /** @param visible rows that may be attended to; null for all */
    TextEncoding newText(BridgedStates.Shape shape, int[] visible) {
        return new TextEncoding(identity, encodings, shape, visible);
    }

    ImageEncoding newImage(BridgedStates.Shape shape, int tokenTypeIdx) {
        return new ImageEncoding(identity, encodings, shape, tokenTypeIdx);
    }

    /** Encodings that a computation reads; as {@link Reading}. */
    Reading reading(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing) {
        return new Reading(identity, texts, images, pairing);
    }

    /** Makes and fills encodings, or closes those that there are already. */
    private static <E extends UnimodalEncoding> E[] filled(E[] encodings, Runnable filling) {
        try {
            filling.run();
            return encodings;
        } catch (RuntimeException | Error e) {
            for (E encoding : encodings) if (encoding != null) encoding.close();
            throw e;
        }
    }

    private static BridgedStates[] states(UnimodalEncoding[] encodings) {
        BridgedStates[] states = new BridgedStates[encodings.length];
        for (int i = 0; i < states.length; i++) states[i] = encodings[i].states();
        return states;
    }
}
