package io.bridgetower.model.layers;

import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.runtime.Parameters;

/** The text tower (RoBERTa): embeddings and layers. */
public final class TextTower {
    private final TextEmbeddings embeddings;
    private final TextLayer[] layers;
    private final int hidden;
    private final boolean causal;

    public TextTower(Parameters textModel, BridgeTowerTextConfig config) throws MalformedFileException {
        hidden = config.hiddenSize();
        causal = config.isDecoder();
        embeddings = new TextEmbeddings(textModel.sub("embeddings"), config);
        layers = new TextLayer[config.numHiddenLayers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = new TextLayer(textModel.sub("encoder.layer").sub(i), config);
        }
    }

    /** Number of layers. */
    public int layers() {
        return layers.length;
    }

    /** Runs all layers, every text attending to itself. */
    public void forward(Workspace workspace, TextBatch batch, LayerListener listener) {
        Attention.Sequence[] sequences = batch.selfAttention();
        forward(workspace, batch, listener, (index, layer, x, y) -> layer.forward(workspace, x, sequences, y));
    }

    /**
     * The last layer's output for the first token of every text. No other row of it is computed, except where it is causal:
     * there the queries are a text's last rows. Without layers these are the embeddings.
     *
     * @param y [texts, hidden]
     */
    void forwardFirst(Workspace workspace, TextBatch batch, Matrix y) {
        Attention.Sequence[] sequences = batch.selfAttention();
        int last = layers.length - 1;
        if (causal || layers.length == 0) {
            forward(workspace, batch, (index, x) -> {
                if (index <= last) return;
                for (int i = 0; i < sequences.length; i++) Rows.copy(x, sequences[i].firstQuery(), y, i);
            });
        } else {
            forward(workspace, batch, (index, x) -> {}, (index, layer, x, rows) -> {
                if (index < last) layer.forward(workspace, x, sequences, rows);
                else layer.forwardFirst(workspace, x, sequences, y);
            });
        }
    }

    /** Runs one layer. */
    @FunctionalInterface
    public interface LayerCall {
        void run(int index, TextLayer layer, Matrix x, Matrix y);
    }

    /** Runs all layers in the caller's way. */
    public void forward(Workspace workspace, TextBatch batch, LayerListener listener, LayerCall call) {
        long mark = workspace.mark();
        Matrix x = workspace.matrix(batch.rows(), hidden), y = workspace.matrix(batch.rows(), hidden);
        embeddings.forward(workspace, batch, x);
        listener.output(0, x);
        for (int i = 0; i < layers.length; i++) {
            call.run(i, layers[i], x, y);
            Matrix swap = x;
            x = y;
            y = swap;
            listener.output(i + 1, x);
        }
        workspace.release(mark);
    }
}
