package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.TensorArena;
import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.warmup.KernelWarmUp;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.Confinement;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.layers.VisionBlock;
import io.bridgetower.model.layers.VisionTower;
import io.bridgetower.model.runtime.ModelMemory;
import io.bridgetower.model.runtime.Parameters;
import io.bridgetower.model.runtime.Results;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * The image tower on its own. Owns its weights and threads until {@link #close}; safe for use by several threads at once,
 * as {@link BridgeTowerModel}.
 */
public final class BridgeTowerVisionModel implements AutoCloseable {
    private final BridgeTowerVisionConfig config;
    private final ModelMemory memory;
    private final VisionTower tower;

    /** One for each block; null where {@code ln_post} serves them all. */
    private final LayerNorm[] separateNorms;

    private BridgeTowerVisionModel(Checkpoint checkpoint, ModelOptions options) throws IOException {
        config = checkpoint.visionConfig();
        if (config.numBlocks() == 0) {
            throw new MalformedFileException(
                    checkpoint.directory().resolve("config.json"),
                    "remove_last_layer",
                    "leaves no block: expected one or more, whose outputs are what the vision model alone returns");
        }
        memory = options.newMemory();
        try (var _ = KernelWarmUp.start(memory.precision().format(), VisionBlock.ACTIVATION)) {
            Parameters visual = memory.parameters(checkpoint.visionModel()).sub("visual");
            tower = new VisionTower(visual, config, config.numBlocks());
            separateNorms = config.shareLayernorm() ? null : new LayerNorm[config.numBlocks()];
            for (int i = 0; separateNorms != null && i < separateNorms.length; i++) {
                separateNorms[i] = visual.layerNorm("ln_separate." + i, config.hiddenSize(), config.layerNormEps());
            }
        } catch (IOException | RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /**
     * Loads the image tower of a model directory, whether it is the whole model's or holds nothing else.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     */
    public static BridgeTowerVisionModel load(Path directory) throws IOException {
        return load(directory, ModelOptions.defaults());
    }

    /** As {@link #load(Path)}, with options. */
    public static BridgeTowerVisionModel load(Path directory, ModelOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory, options.variant())) {
            return load(checkpoint, options);
        }
    }

    /**
     * Loads from an open checkpoint, which may be closed afterwards: the weights are copied.
     *
     * @throws IOException if a tensor is missing or has another shape than the configuration says
     */
    public static BridgeTowerVisionModel load(Checkpoint checkpoint, ModelOptions options) throws IOException {
        return new BridgeTowerVisionModel(checkpoint, options);
    }

    /** The configuration that the checkpoint holds. */
    public BridgeTowerVisionConfig config() {
        return config;
    }

    /**
     * The output of every block through {@code ln_post}, or through its own LayerNorm where the configuration does not
     * share one.
     *
     * @return [blocks, images, tokens, hidden], which owns its memory
     * @throws IllegalArgumentException if the shape is not what the model takes
     * @throws WrongThreadException if the images are confined to another thread
     * @throws IllegalStateException if the model is closed, or the memory of the images is freed
     */
    public Tensor forward(ImageInputs images) {
        return TensorArena.owning(arena -> forward(arena, images));
    }

    /**
     * As {@link #forward(ImageInputs)}.
     *
     * @param arena owner of the result; may be confined to the calling thread
     */
    public Tensor forward(Arena arena, ImageInputs images) {
        int tokens = tower.tokens(images);
        try (var computation = memory.begin()) {
            Workspace workspace = computation.workspace();
            int blocks = config.numBlocks(), count = images.size();
            Results results = new Results(arena, workspace);
            Tensor states = results.tensor(blocks, count, tokens, config.hiddenSize());
            Matrix rows = Matrix.of(states);
            ImageInputs inputs = Confinement.readable(workspace, images);
            tower.inGroups(memory.runner(), workspace, inputs, (own, first, size) -> {
                tower.forward(own, inputs, first, size, (layer, x) -> {
                    if (layer == 0) return;
                    Matrix to = rows.rows(((layer - 1) * count + first) * tokens, size * tokens);
                    if (separateNorms == null) tower.postNorm(own, x, to);
                    else separateNorms[layer - 1].apply(own, x, to);
                });
            });
            return results.finished(states);
        }
    }

    /**
     * Frees the weights and ends the threads, after calls that are running have returned; those that wait, and later ones,
     * throw {@link IllegalStateException}. Closing again does nothing.
     */
    @Override
    public void close() {
        memory.close();
    }
}
