package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.TensorArena;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.EncodedPairs;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.ContrastiveForm;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.layers.Trunk;
import io.bridgetower.model.outputs.BridgeTowerContrastiveOutput;
import io.bridgetower.model.runtime.Losses;
import io.bridgetower.model.runtime.Parameters;
import io.bridgetower.model.runtime.Results;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * BridgeTower with the contrastive heads (ITC): unit vectors of texts, images and pairs whose dot products compare them.
 *
 * <p>Safe for use by several threads at once. {@link #close} frees the heads, and the trunk where it came with them.
 */
public final class BridgeTowerForContrastiveLearning implements AutoCloseable {
    /** A tensor by which a checkpoint is known to hold these heads. */
    private static final String PRESENT = "itc_text_head.fc.weight";

    /** The head of pairs, which checkpoints of the authors do not have. */
    private static final String CROSS = "itc_cross_modal_head";

    private static final Pairing NO_PAIRS = Pairing.oneToOne(0);

    /** @param cross null if the checkpoint has none */
    private record Projections(Linear text, Linear image, Linear cross, float logitScale) {
        static Projections load(Parameters heads, BridgeTowerConfig config, boolean hasCross)
                throws MalformedFileException {
            int hidden = config.hiddenSize(), size = config.contrastiveHiddenSize();
            boolean original = config.contrastiveForm() == ContrastiveForm.ORIGINAL;
            return new Projections(
                    heads.sub("itc_text_head").linear("fc", hidden, size),
                    heads.sub("itc_image_head")
                            .linear("fc", original ? config.visionConfig().hiddenSize() : hidden, size),
                    hasCross ? heads.sub(CROSS).linear("fc", 2 * hidden, size) : null,
                    heads.scalar("logit_scale"));
        }
    }

    private final Head<Projections> head;

    private BridgeTowerForContrastiveLearning(Checkpoint checkpoint, BridgeTowerModel trunk, boolean ownsTrunk)
            throws IOException {
        ContrastiveForm form = trunk.config().contrastiveForm();
        String settings = form == ContrastiveForm.TRANSFORMERS
                ? ""
                : new ModelIdentity.Settings().add("contrastive_form", form).toString();
        ModelIdentity identity = trunk.identity().withHead(checkpoint.heads(), settings, "itc_", "logit_scale");
        boolean hasCross = isCrossModalIn(checkpoint);
        head = new Head<>(
                checkpoint, trunk, ownsTrunk, identity, (heads, config) -> Projections.load(heads, config, hasCross));
    }

    /**
     * Loads a model directory, trunk and heads.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     */
    public static BridgeTowerForContrastiveLearning load(Path directory) throws IOException {
        return load(directory, ModelOptions.defaults());
    }

    /** As {@link #load(Path)}, with options. */
    public static BridgeTowerForContrastiveLearning load(Path directory, ModelOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory, options.variant())) {
            checkpoint.heads().info(PRESENT);
            return Head.withTrunk(
                    checkpoint, options, trunk -> new BridgeTowerForContrastiveLearning(checkpoint, trunk, true));
        }
    }

    /**
     * Loads the heads alone, on a trunk that stays its owner's to close.
     *
     * @throws IOException if a tensor of the heads is missing or has another shape than the trunk needs
     */
    public static BridgeTowerForContrastiveLearning load(Checkpoint checkpoint, BridgeTowerModel trunk)
            throws IOException {
        return new BridgeTowerForContrastiveLearning(checkpoint, trunk, false);
    }

    /** Whether a checkpoint holds these heads. */
    public static boolean isIn(Checkpoint checkpoint) {
        return checkpoint.heads().has(PRESENT);
    }

    /** Whether a checkpoint holds the head of pairs, {@code itc_cross_modal_head}, too. */
    public static boolean isCrossModalIn(Checkpoint checkpoint) {
        return !checkpoint.heads().sub(CROSS).isEmpty();
    }

    /** Whether there is a head of pairs, without which texts and images have vectors, but not both together. */
    public boolean hasCrossModalHead() {
        return head.parameters().cross() != null;
    }

    /** The trunk. */
    public BridgeTowerModel trunk() {
        return head.model();
    }

    /**
     * What tells the results of this model from those of others: as {@link BridgeTowerModel#fingerprint}, of the trunk and
     * these heads; throws as that.
     */
    public String fingerprint() {
        return head.fingerprint();
    }

    /** Logarithm of what dot products are multiplied by in the loss. */
    public float logitScale() {
        return head.parameters().logitScale();
    }

    /**
     * Embeds texts; runs the text tower alone.
     *
     * @return unit vectors, [texts, contrastive size], which own their memory
     * @throws IllegalArgumentException as {@link BridgeTowerModel#encodeTexts}
     * @throws WrongThreadException if embeddings are confined to another thread
     * @throws IllegalStateException if the model is closed, or the memory of embeddings is freed
     */
    public Tensor textEmbeds(TextInputs texts) {
        return TensorArena.owning(arena -> textEmbeds(arena, texts));
    }

    /**
     * As {@link #textEmbeds(TextInputs)}.
     *
     * @param arena owner of the vectors; may be confined to the calling thread
     */
    public Tensor textEmbeds(Arena arena, TextInputs texts) {
        TextBatch batch = trunk().batch(texts, false);
        try (var computation = head.begin()) {
            Workspace workspace = computation.workspace();
            Matrix firsts = trunk().trunk().firstTextTokens(workspace, batch);
            return embeds(workspace, arena, head.parameters().text(), firsts);
        }
    }

    /**
     * Embeds images; runs the vision tower alone.
     *
     * @return unit vectors, [images, contrastive size], which own their memory
     * @throws IllegalArgumentException as {@link BridgeTowerModel#encodeImages}
     * @throws WrongThreadException if the images are confined to another thread
     * @throws IllegalStateException if the model is closed, or the memory of the images is freed
     */
    public Tensor imageEmbeds(ImageInputs images) {
        return TensorArena.owning(arena -> imageEmbeds(arena, images));
    }

    /**
     * As {@link #imageEmbeds(ImageInputs)}.
     *
     * @param arena owner of the vectors; may be confined to the calling thread
     */
    public Tensor imageEmbeds(Arena arena, ImageInputs images) {
        trunk().trunk().imageTokens(images);
        try (var computation = head.begin()) {
            Workspace workspace = computation.workspace();
            return imageEmbeds(workspace, arena, trunk().trunk().firstImageTokens(workspace, images));
        }
    }

    /**
     * Embeds text i, image i and both together.
     *
     * @return unit vectors, which own their memory
     * @throws UnsupportedOperationException without a {@linkplain #hasCrossModalHead head of pairs}
     * @throws IllegalArgumentException as {@link BridgeTowerModel#forward}
     * @throws WrongThreadException if an input is confined to another thread
     * @throws IllegalStateException if the model is closed, or the memory of an input is freed
     */
    public BridgeTowerContrastiveOutput forward(TextInputs texts, ImageInputs images) {
        return TensorArena.owning(arena -> forward(arena, texts, images));
    }

    /**
     * As {@link #forward(TextInputs, ImageInputs)}.
     *
     * @param arena owner of the vectors; may be confined to the calling thread
     */
    public BridgeTowerContrastiveOutput forward(Arena arena, TextInputs texts, ImageInputs images) {
        Linear cross = cross();
        TextBatch batch = trunk().batch(texts, false);
        Trunk trunk = trunk().trunk();
        trunk.imageTokens(images);
        BridgeTowerModel.checkPairs(batch.size(), images.size());
        try (var computation = head.begin()) {
            Workspace workspace = computation.workspace();
            EncodedPairs encoded = trunk.encode(workspace, batch, images, null);
            Projections projections = head.parameters();
            Matrix pooled = trunk.pooled(workspace, encoded);
            Matrix firstTexts = workspace.matrix(batch.size(), trunk().config().hiddenSize());
            int visionHidden = trunk().config().visionConfig().hiddenSize();
            Matrix firstImages = workspace.matrix(batch.size(), visionHidden);
            for (int i = 0; i < batch.size(); i++) {
                Rows.copy(encoded.texts()[i].first(workspace), 0, firstTexts, i);
                Rows.copy(encoded.images()[i].first(workspace), 0, firstImages, i);
            }
            return new BridgeTowerContrastiveOutput(
                    embeds(workspace, arena, projections.text(), firstTexts),
                    imageEmbeds(workspace, arena, firstImages),
                    embeds(workspace, arena, cross, pooled));
        }
    }

    /**
     * Unit vectors of texts that were encoded before; the same bits as {@link #textEmbeds(TextInputs)}, where the encodings
     * keep 32 bits.
     *
     * @return [texts, contrastive size], which owns its memory
     * @throws IllegalArgumentException if an encoding is for another model
     * @throws IllegalStateException if the model or an encoding is closed
     */
    public Tensor textEmbeds(TextEncoding[] texts) {
        return TensorArena.owning(arena -> textEmbeds(arena, texts));
    }

    /**
     * As {@link #textEmbeds(TextEncoding[])}.
     *
     * @param arena owner of the vectors; may be confined to the calling thread
     */
    public Tensor textEmbeds(Arena arena, TextEncoding[] texts) {
        try (var computation = head.begin();
                var _ = trunk().reading(texts, new ImageEncoding[0], NO_PAIRS)) {
            Workspace workspace = computation.workspace();
            Matrix firsts = firsts(workspace, texts, trunk().config().hiddenSize());
            return embeds(workspace, arena, head.parameters().text(), firsts);
        }
    }

    /**
     * Unit vectors of images that were encoded before; the same bits as {@link #imageEmbeds(ImageInputs)}, where the
     * encodings keep 32 bits.
     *
     * @return [images, contrastive size], which owns its memory
     * @throws IllegalArgumentException if an encoding is for another model
     * @throws IllegalStateException if the model or an encoding is closed
     */
    public Tensor imageEmbeds(ImageEncoding[] images) {
        return TensorArena.owning(arena -> imageEmbeds(arena, images));
    }

    /**
     * As {@link #imageEmbeds(ImageEncoding[])}.
     *
     * @param arena owner of the vectors; may be confined to the calling thread
     */
    public Tensor imageEmbeds(Arena arena, ImageEncoding[] images) {
        try (var computation = head.begin();
                var _ = trunk().reading(new TextEncoding[0], images, NO_PAIRS)) {
            Workspace workspace = computation.workspace();
            int width = trunk().config().visionConfig().hiddenSize();
            return imageEmbeds(workspace, arena, firsts(workspace, images, width));
        }
    }

    /**
     * Unit vectors of pairs of texts and images that were encoded before, each of both together; the same bits as {@link
     * #forward}, where the encodings keep 32 bits.
     *
     * @param pairing which text goes with which image; an encoding may be in any number of pairs
     * @return [pairs, contrastive size], which owns its memory
     * @throws UnsupportedOperationException without a {@linkplain #hasCrossModalHead head of pairs}
     * @throws IllegalArgumentException if the pairing does not fit the arrays, or an encoding is for another model
     * @throws IllegalStateException if the model or an encoding is closed
     */
    public Tensor crossEmbeds(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing) {
        return TensorArena.owning(arena -> crossEmbeds(arena, texts, images, pairing));
    }

    /**
     * As {@link #crossEmbeds(TextEncoding[], ImageEncoding[], Pairing)}.
     *
     * @param arena owner of the vectors; may be confined to the calling thread
     */
    public Tensor crossEmbeds(Arena arena, TextEncoding[] texts, ImageEncoding[] images, Pairing pairing) {
        Linear cross = cross();
        try (var computation = head.begin();
                var reading = trunk().reading(texts, images, pairing)) {
            Workspace workspace = computation.workspace();
            Matrix pooled = trunk().trunk().pooled(workspace, reading.encoded());
            return embeds(workspace, arena, cross, pooled);
        }
    }

    /**
     * The contrastive loss of a batch in which text i belongs to image i: the mean of the cross-entropies of text with
     * image, text with pair and image with pair.
     */
    public double loss(BridgeTowerContrastiveOutput output) {
        double scale = Math.exp(logitScale());
        return (loss(output.textEmbeds(), output.imageEmbeds(), scale)
                        + loss(output.textEmbeds(), output.crossEmbeds(), scale)
                        + loss(output.imageEmbeds(), output.crossEmbeds(), scale))
                / 3;
    }

    private static double loss(Tensor a, Tensor b, double scale) {
        int count = a.dim(0), size = a.dim(1);
        float[][] logits = new float[count][count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i;
            for (int j = 0; j < count; j++) {
                double dot = 0;
                for (int k = 0; k < size; k++) dot += (double) a.get(i, k) * b.get(j, k);
                logits[i][j] = (float) (dot * scale);
            }
        }
        return Losses.crossEntropy(logits, labels);
    }

    /** Frees the heads, and the trunk if this model loaded it. Closing again does nothing. */
    @Override
    public void close() {
        head.close();
    }

    /** The output of its tower for the first token of every encoding, on the workspace. */
    private static Matrix firsts(Workspace workspace, UnimodalEncoding[] encodings, int width) {
        Matrix firsts = workspace.matrix(encodings.length, width);
        for (int i = 0; i < encodings.length; i++) {
            Rows.copy(encodings[i].states().first(workspace), 0, firsts, i);
        }
        return firsts;
    }

    private Tensor imageEmbeds(Workspace workspace, Arena arena, Matrix firsts) {
        boolean original = trunk().config().contrastiveForm() == ContrastiveForm.ORIGINAL;
        Matrix read = original ? firsts : trunk().trunk().bridgedImageTokens(workspace, firsts);
        return embeds(workspace, arena, head.parameters().image(), read);
    }

    private Linear cross() {
        Linear cross = head.parameters().cross();
        if (cross != null) return cross;
        throw new UnsupportedOperationException("the checkpoint has no head for text and image together (" + CROSS
                + ".*); texts and images have vectors of their own");
    }

    private static Tensor embeds(Workspace workspace, Arena arena, Linear projection, Matrix x) {
        Results results = new Results(arena, workspace);
        Tensor embeds = results.tensor(x.rows(), projection.out());
        Matrix rows = Matrix.of(embeds);
        projection.apply(workspace, x, Epilogue.NONE, rows);
        for (int i = 0; i < rows.rows(); i++) Rows.normalize(rows, i);
        return results.finished(embeds);
    }
}
