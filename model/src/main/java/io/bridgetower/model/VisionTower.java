package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.LayerNorm;
import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Workspace;

/** The image tower (CLIP ViT): embeddings, blocks and the final LayerNorm. */
final class VisionTower {
    private final VisionEmbeddings embeddings;
    private final VisionBlock[] blocks;
    private final LayerNorm postNorm;
    private final int hidden;

    /**
     * @param visual parameters below {@code visual}
     * @param count number of blocks; more than are used need not be loaded
     */
    VisionTower(Parameters visual, BridgeTowerVisionConfig config, int count) throws MalformedFileException {
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
     */
    int tokens(ImageInputs inputs) {
        return embeddings.tokens(inputs);
    }

    /**
     * Runs all blocks on one image.
     *
     * @param image index in the batch
     */
    void forward(Workspace workspace, ImageInputs inputs, int image, LayerListener listener) {
        long mark = workspace.mark();
        forward(workspace, inputs, image, blocks.length, listener);
        workspace.release(mark);
    }

    /**
     * The last block's output for the class token of one image, through {@code ln_post}.
     *
     * @param image index in the batch
     * @param y [1, hidden]
     */
    void forwardFirst(Workspace workspace, ImageInputs inputs, int image, Matrix y) {
        long mark = workspace.mark();
        int last = blocks.length - 1;
        Matrix x = forward(workspace, inputs, image, last, (layer, rows) -> {}), first = workspace.matrix(1, hidden);
        blocks[last].forwardFirst(workspace, x, first);
        postNorm.apply(workspace, first, y);
        workspace.release(mark);
    }

    /** Runs the first {@code count} blocks; returns their output, on the workspace. */
    private Matrix forward(Workspace workspace, ImageInputs inputs, int image, int count, LayerListener listener) {
        int tokens = tokens(inputs);
        Matrix x = workspace.matrix(tokens, hidden), y = workspace.matrix(tokens, hidden);
        Attention.Sequence[] sequences = {new Attention.Sequence(0, tokens, 0, tokens, null)};
        if (inputs.imageEmbeds() == null) {
            embeddings.forward(workspace, inputs.pixelValues(), image, x);
        } else {
            Matrix given = Matrix.of(inputs.imageEmbeds());
            for (int row = 0; row < tokens; row++) Rows.copy(given, image * tokens + row, x, row);
        }
        listener.output(0, x);
        for (int i = 0; i < count; i++) {
            blocks[i].forward(workspace, x, sequences, y);
            Matrix swap = x;
            x = y;
            y = swap;
            listener.output(i + 1, x);
        }
        return x;
    }

    /** Applies {@code ln_post}. */
    void postNorm(Workspace workspace, Matrix x, Matrix y) {
        postNorm.apply(workspace, x, y);
    }
}
