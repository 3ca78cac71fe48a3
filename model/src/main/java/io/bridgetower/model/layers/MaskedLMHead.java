package io.bridgetower.model.layers;

import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.runtime.Parameters;

/** BERT's masked LM head, {@code decoder(LN(act(dense(x)))) + bias}. */
public final class MaskedLMHead {
    /** A tensor by which a checkpoint is known to hold this head. */
    public static final String PRESENT = "mlm_score.transform.dense.weight";

    private final Linear dense;
    private final LayerNorm norm;
    private final Linear decoder;
    private final Epilogue activation;

    /** @param trunk parameters of the trunk, whose word embeddings may be the decoder's weight */
    public MaskedLMHead(Parameters heads, Parameters trunk, BridgeTowerConfig config) throws MalformedFileException {
        int hidden = config.hiddenSize(), vocabulary = config.textConfig().vocabSize();
        Parameters score = heads.sub("mlm_score");
        dense = score.sub("transform").linear("dense", hidden, hidden);
        norm = score.sub("transform")
                .layerNorm("LayerNorm", hidden, config.crossModalLayerNormEps().orElse(config.layerNormEps()));
        activation = Epilogue.activation(config.hiddenAct());
        Parameters embeddings = trunk.sub("text_model.embeddings");
        decoder = (config.tieWordEmbeddings()
                        ? embeddings.projection("word_embeddings.weight", vocabulary, hidden)
                        : score.projection("decoder.weight", vocabulary, hidden))
                .plus(score.tensor("bias", vocabulary));
    }

    public int vocabulary() {
        return decoder.out();
    }

    /**
     * @param x [rows, hidden]
     * @param y [rows, vocabulary]
     */
    public void forward(Workspace workspace, Matrix x, Matrix y) {
        long mark = workspace.mark();
        Matrix transformed = dense.apply(workspace, x, activation);
        norm.apply(workspace, transformed, transformed);
        decoder.apply(workspace, transformed, Epilogue.NONE, y);
        workspace.release(mark);
    }
}
