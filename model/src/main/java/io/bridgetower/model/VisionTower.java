package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.LayerNorm;
import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.Workspace;

/** The image tower (CLIP ViT) up to the bridges. */
final class VisionTower {
    private final VisionEmbeddings embeddings;
    private final VisionBlock[] blocks;
    private final LayerNorm postNorm;
    private final int firstBridge;
    private final int hidden;

    VisionTower(Parameters visual, BridgeTowerConfig config) throws MalformedFileException {
        BridgeTowerVisionConfig vision = config.visionConfig();
        embeddings = new VisionEmbeddings(visual, vision);
        firstBridge = config.numUnimodalLayers();
        hidden = vision.hiddenSize();
        // Blocks after the last bridge would be read by nothing.
        blocks = new VisionBlock[config.textConfig().numHiddenLayers()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new VisionBlock(visual.sub("transformer.resblocks").sub(i), vision);
        }
        postNorm = visual.layerNorm("ln_post", hidden, vision.layerNormEps());
    }

    /** Tokens of an image, the class token included. */
    int tokens() {
        return embeddings.tokens();
    }

    /**
     * Encodes one image.
     *
     * @param pixels [channels, side, side]
     * @param stages for each cross-modal layer what it reads from the image, [tokens, hidden]; written
     */
    void encode(Workspace workspace, Tensor pixels, Bridge bridge, Matrix[] stages) {
        long mark = workspace.mark();
        int tokens = tokens();
        Matrix x = workspace.matrix(tokens, hidden), y = workspace.matrix(tokens, hidden);
        Attention.Sequence[] sequences = {new Attention.Sequence(0, tokens, 0, tokens, null)};
        embeddings.forward(workspace, pixels, x);
        if (firstBridge == 0) cross(workspace, bridge, 0, x, y, stages);
        for (int i = 0; i < blocks.length; i++) {
            blocks[i].forward(workspace, x, sequences, y);
            Matrix swap = x;
            x = y;
            y = swap;
            int stage = i + 1 - firstBridge;
            if (stage >= 0) cross(workspace, bridge, stage, x, y, stages);
        }
        workspace.release(mark);
    }

    private void cross(Workspace workspace, Bridge bridge, int stage, Matrix x, Matrix normed, Matrix[] stages) {
        postNorm.apply(workspace, x, normed);
        bridge.forward(workspace, stage, normed, stages[stage]);
    }
}
