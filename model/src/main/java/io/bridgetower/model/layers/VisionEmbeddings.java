package io.bridgetower.model.layers;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.Confinement;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.runtime.Parameters;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * Patches of an image as tokens: a convolution whose kernel and stride are the patch, after the class token, plus
 * position embeddings, then {@code ln_pre}.
 */
final class VisionEmbeddings {
    private final BridgeTowerVisionConfig config;
    private final int patch;
    private final Linear patches;
    private final PatchPositions positions;
    private final Matrix classToken;
    private final LayerNorm norm;

    VisionEmbeddings(Parameters visual, BridgeTowerVisionConfig config) throws MalformedFileException {
        this.config = config;
        int hidden = config.hiddenSize();
        patch = config.patchSize();
        Parameters embeddings = visual.sub("embeddings");
        patches = embeddings.projection("patch_embedding.weight", hidden, config.numChannels(), patch, patch);
        Tensor table = embeddings.tensor("position_embedding.weight", config.numPositions(), hidden);
        positions = new PatchPositions(table, config.patchesPerSide());
        classToken = Matrix.of(embeddings.tensor("class_embedding", hidden));
        Rows.add(Matrix.of(table), 0, classToken, 0);
        norm = visual.layerNorm("ln_pre", hidden, config.layerNormEps());
    }

    /**
     * Number of tokens of every image of a batch, the class token included.
     *
     * @throws IllegalArgumentException if the shape is not what the model takes
     * @throws WrongThreadException if the calling thread may not read the memory
     * @throws IllegalStateException if the memory has been freed
     */
    int tokens(ImageInputs inputs) {
        Tensor embeds = inputs.imageEmbeds(), pixels = inputs.pixelValues();
        Confinement.check("image_embeds", embeds);
        Confinement.check("pixel_values", pixels);
        if (embeds != null) {
            if (embeds.dim(2) == config.hiddenSize()) return embeds.dim(1);
            throw new IllegalArgumentException(
                    "image_embeds: expected [*, *, " + config.hiddenSize() + "], found " + embeds);
        }
        int channels = config.numChannels(), side = config.imageSize(), height = pixels.dim(2), width = pixels.dim(3);
        boolean fits = inputs.interpolatePosEncoding()
                ? height > 0 && width > 0 && height % patch == 0 && width % patch == 0
                : height == side && width == side;
        if (!fits || pixels.dim(1) != channels) {
            String size = inputs.interpolatePosEncoding() ? "multiples of " + patch : side + ", " + side;
            throw new IllegalArgumentException(
                    "pixel_values: expected [*, " + channels + ", " + size + "], found " + pixels);
        }
        return 1 + (height / patch) * (width / patch);
    }

    /**
     * Embeds one image.
     *
     * @param pixels [images, channels, height, width]
     * @param y [tokens, hidden]
     */
    public void forward(Workspace workspace, Tensor pixels, int image, Matrix y) {
        long mark = workspace.mark();
        int gridHeight = pixels.dim(2) / patch, gridWidth = pixels.dim(3) / patch, count = gridHeight * gridWidth;
        Matrix columns = workspace.matrix(count, pixels.dim(1) * patch * patch);
        unfold(pixels.slice(image, 1), gridWidth, columns);
        Tensor residual = positions.of(gridHeight, gridWidth);
        patches.apply(workspace, columns, Epilogue.residual(Matrix.of(residual)), y.rows(1, count));
        Reference.reachabilityFence(residual);
        Rows.copy(classToken, 0, y, 0);
        norm.apply(workspace, y, y);
        workspace.release(mark);
    }

    /** One row per patch: its pixels by channel, row and column, as the convolution's weight has them. */
    private void unfold(Tensor pixels, int gridWidth, Matrix columns) {
        long lineBytes = (long) patch * Float.BYTES;
        // Pixels that fill no whole patch, at the right and the bottom, are not looked at.
        int channels = pixels.dim(1), height = pixels.dim(2), width = pixels.dim(3);
        for (int p = 0; p < columns.rows(); p++) {
            int top = p / gridWidth * patch, left = p % gridWidth * patch;
            long to = columns.rowOffset(p);
            for (int c = 0; c < channels; c++) {
                for (int line = 0; line < patch; line++, to += lineBytes) {
                    long from = (((long) c * height + top + line) * width + left) * Float.BYTES;
                    MemorySegment.copy(pixels.segment(), from, columns.segment(), to, lineBytes);
                }
            }
        }
    }
}
