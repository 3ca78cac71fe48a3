package io.bridgetower.model;

import io.bridgetower.engine.Epilogue;
import io.bridgetower.engine.LayerNorm;
import io.bridgetower.engine.Linear;
import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.Workspace;
import java.lang.foreign.MemorySegment;

/**
 * Patches of an image as tokens: a convolution whose kernel and stride are the patch, after the class token, plus
 * position embeddings, then {@code ln_pre}.
 */
final class VisionEmbeddings {
    private final int channels;
    private final int patch;
    private final int side;
    private final Linear patches;
    private final Matrix positions;
    private final Matrix classToken;
    private final LayerNorm norm;

    VisionEmbeddings(Parameters visual, BridgeTowerVisionConfig config) throws MalformedFileException {
        int hidden = config.hiddenSize();
        channels = config.numChannels();
        patch = config.patchSize();
        side = config.patchesPerSide();
        Parameters embeddings = visual.sub("embeddings");
        patches = embeddings.projection("patch_embedding.weight", hidden, channels, patch, patch);
        positions = Matrix.of(embeddings.tensor("position_embedding.weight", config.numPositions(), hidden));
        classToken = Matrix.of(embeddings.tensor("class_embedding", hidden));
        Rows.add(positions, 0, classToken, 0);
        norm = visual.layerNorm("ln_pre", hidden, config.layerNormEps());
    }

    /** Tokens of an image, the class token included. */
    int tokens() {
        return positions.rows();
    }

    /**
     * Embeds one image.
     *
     * @param pixels [channels, side, side]
     * @param y [tokens, hidden]
     */
    void forward(Workspace workspace, Tensor pixels, Matrix y) {
        long mark = workspace.mark();
        Matrix columns = workspace.matrix(side * side, channels * patch * patch);
        unfold(pixels, columns);
        Matrix tail = y.rows(1, side * side);
        patches.apply(workspace, columns, Epilogue.residual(positions.rows(1, side * side)), tail);
        Rows.copy(classToken, 0, y, 0);
        norm.apply(workspace, y, y);
        workspace.release(mark);
    }

    /** One row per patch: its pixels by channel, row and column, as the convolution's weight has them. */
    private void unfold(Tensor pixels, Matrix columns) {
        long lineBytes = (long) patch * Float.BYTES;
        // Pixels that fill no whole patch, at the right and the bottom, are not looked at.
        int height = pixels.dim(-2), width = pixels.dim(-1);
        for (int py = 0; py < side; py++) {
            for (int px = 0; px < side; px++) {
                long to = columns.rowOffset(py * side + px);
                for (int c = 0; c < channels; c++) {
                    for (int line = 0; line < patch; line++, to += lineBytes) {
                        long from = (((long) c * height + py * patch + line) * width + px * patch) * Float.BYTES;
                        MemorySegment.copy(pixels.segment(), from, columns.segment(), to, lineBytes);
                    }
                }
            }
        }
    }
}
