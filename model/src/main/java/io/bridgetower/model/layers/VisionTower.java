package io.bridgetower.model.layers;

import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.runtime.BatchRunner;
import io.bridgetower.model.runtime.Parameters;
import java.lang.ref.Reference;
import java.util.Arrays;

/** The image tower (CLIP ViT): embeddings, blocks and the final LayerNorm. */
public final class VisionTower {
    /** Rows of images that a team of threads computes together, where there are several images: four of 325 tokens. */
    private static final int ROWS_TOGETHER = 1300;

    private final VisionEmbeddings embeddings;
    private final VisionBlock[] blocks;
    private final LayerNorm postNorm;
    private final int hidden;

    /**
     * @param visual parameters below {@code visual}
     * @param count number of blocks; more than are used need not be loaded
     */
    public VisionTower(Parameters visual, BridgeTowerVisionConfig config, int count) throws MalformedFileException {
        hidden = config.hiddenSize();
        embeddings = new VisionEmbeddings(visual, config);
        blocks = new VisionBlock[count];
        for (int i = 0; i < count; i++) {
            blocks[i] = new VisionBlock(visual.sub("transformer.resblocks").sub(i), config);
        }
        postNorm = visual.layerNorm("ln_post", hidden, config.layerNormEps());
    }

    /**
     * Number of tokens of every image of a batch.
     *
     * @throws IllegalArgumentException if the shape is not what the model takes
     * @throws WrongThreadException if the calling thread may not read the memory
     * @throws IllegalStateException if the memory has been freed
     */
    public int tokens(ImageInputs inputs) {
        return embeddings.tokens(inputs);
    }

    /** Computes the images of a batch in groups: a thread takes one at a time, a team as many as are worth it. */
    public void inGroups(BatchRunner runner, Workspace workspace, ImageInputs inputs, BatchRunner.Group group) {
        runner.run(workspace, inputs.size(), 1, Math.max(1, ROWS_TOGETHER / tokens(inputs)), group);
    }

    /** The rows of images, those of one after those of the other, each of which attend to their own image. */
    static Attention.Sequence[] sequences(int images, int tokens) {
        Attention.Sequence[] sequences = new Attention.Sequence[images];
        Arrays.setAll(sequences, i -> new Attention.Sequence(i * tokens, tokens, i * tokens, tokens, null));
        return sequences;
    }

    /**
     * Runs all blocks on some images.
     *
     * @param first index in the batch
     * @param listener is shown the rows of all of them, those of one after those of the other
     */
    public void forward(Workspace workspace, ImageInputs inputs, int first, int count, LayerListener listener) {
        long mark = workspace.mark();
        forward(workspace, inputs, first, count, blocks.length, listener);
        workspace.release(mark);
    }

    /**
     * The last block's output for the class token of some images, through {@code ln_post}; without blocks, what would
     * enter the first.
     *
     * @param first index in the batch
     * @param y [images, hidden]
     */
    void forwardFirst(Workspace workspace, ImageInputs inputs, int first, Matrix y) {
        long mark = workspace.mark();
        int last = blocks.length - 1, count = y.rows(), tokens = tokens(inputs);
        Matrix x = forward(workspace, inputs, first, count, Math.max(last, 0), (layer, rows) -> {});
        Matrix firsts = workspace.matrix(count, hidden);
        if (last >= 0) blocks[last].forwardFirst(workspace, x, firsts);
        else for (int i = 0; i < count; i++) Rows.copy(x, i * tokens, firsts, i);
        postNorm.apply(workspace, firsts, y);
        workspace.release(mark);
    }

    /** Runs the first {@code depth} blocks; returns their output, on the workspace. */
    private Matrix forward(
            Workspace workspace, ImageInputs inputs, int first, int count, int depth, LayerListener listener) {
        int tokens = tokens(inputs);
        Matrix x = workspace.matrix(count * tokens, hidden), y = workspace.matrix(count * tokens, hidden);
        Attention.Sequence[] sequences = sequences(count, tokens);
        if (inputs.imageEmbeds() == null) {
            for (int i = 0; i < count; i++) {
                embeddings.forward(workspace, inputs.pixelValues(), first + i, x.rows(i * tokens, tokens));
            }
        } else {
            Matrix given = Matrix.of(inputs.imageEmbeds());
            for (int row = 0; row < x.rows(); row++) Rows.copy(given, first * tokens + row, x, row);
        }
        Reference.reachabilityFence(inputs);
        listener.output(0, x);
        for (int i = 0; i < depth; i++) {
            blocks[i].forward(workspace, x, sequences, y);
            Matrix swap = x;
            x = y;
            y = swap;
            listener.output(i + 1, x);
        }
        return x;
    }

    /** Applies {@code ln_post}. */
    public void postNorm(Workspace workspace, Matrix x, Matrix y) {
        postNorm.apply(workspace, x, y);
    }
}
