package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Workspace;

/** The text tower (RoBERTa) up to the bridges. */
final class TextTower {
    private final TextEmbeddings embeddings;
    private final TextLayer[] layers;
    private final int firstBridge;
    private final Bridge bridge;

    TextTower(Parameters textModel, Bridge bridge, BridgeTowerConfig config) throws MalformedFileException {
        BridgeTowerTextConfig text = config.textConfig();
        embeddings = new TextEmbeddings(textModel.sub("embeddings"), text);
        layers = new TextLayer[text.numHiddenLayers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = new TextLayer(textModel.sub("encoder.layer").sub(i), text);
        }
        firstBridge = config.numUnimodalLayers();
        this.bridge = bridge;
    }

    /**
     * Encodes a batch.
     *
     * @param stages for each cross-modal layer what it reads from the text, [rows, hidden]; written
     */
    void encode(Workspace workspace, TextBatch batch, Matrix[] stages) {
        long mark = workspace.mark();
        int hidden = stages[0].columns();
        Matrix x = workspace.matrix(batch.rows(), hidden), y = workspace.matrix(batch.rows(), hidden);
        Attention.Sequence[] sequences = batch.selfAttention();
        embeddings.forward(workspace, batch, x);
        if (firstBridge == 0) bridge.forward(workspace, 0, x, stages[0]);
        for (int i = 0; i < layers.length; i++) {
            layers[i].forward(workspace, x, sequences, y);
            Matrix swap = x;
            x = y;
            y = swap;
            int stage = i + 1 - firstBridge;
            if (stage >= 0) bridge.forward(workspace, stage, x, stages[stage]);
        }
        workspace.release(mark);
    }
}
