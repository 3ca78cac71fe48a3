package io.bridgetower.model.layers;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.runtime.Parameters;

/** One block of CLIP's ViT: {@code y = x + attn(ln_1(x))}, then {@code y + c_proj(quickgelu(c_fc(ln_2(y))))}. */
public final class VisionBlock {
    /** Between the two layers of the perceptron, whatever the configuration says. */
    public static final Activation ACTIVATION = Activation.QUICK_GELU;

    private final Attention.Form form;
    private final int hidden;
    private final LayerNorm norm1;
    private final Linear inProjection;
    private final Linear keyValue;
    private final Linear outProjection;
    private final LayerNorm norm2;
    private final Linear fullyConnected;
    private final Linear projection;

    VisionBlock(Parameters parameters, BridgeTowerVisionConfig config) throws MalformedFileException {
        form = Attention.Form.of(config.numAttentionHeads()).with(parameters.format());
        hidden = config.hiddenSize();
        norm1 = parameters.layerNorm("ln_1", hidden, config.layerNormEps());
        Parameters attention = parameters.sub("attn");
        inProjection = attention.linear("in_proj_weight", "in_proj_bias", hidden, 3 * hidden);
        keyValue = inProjection.outputs(hidden, 2 * hidden);
        outProjection = attention.linear("out_proj", hidden, hidden);
        norm2 = parameters.layerNorm("ln_2", hidden, config.layerNormEps());
        fullyConnected = parameters.linear("mlp.c_fc", hidden, config.intermediateSize());
        projection = parameters.linear("mlp.c_proj", config.intermediateSize(), hidden);
    }

    /**
     * @param x [rows, hidden]
     * @param y [rows, hidden]; not x
     */
    public void forward(Workspace workspace, Matrix x, Attention.Sequence[] sequences, Matrix y) {
        long mark = workspace.mark();
        Matrix normed = workspace.matrix(x.rows(), hidden);
        norm1.apply(workspace, x, normed);
        Matrix qkv = inProjection.apply(workspace, normed, Epilogue.NONE);
        attend(workspace, x, qkv.columns(0, hidden), qkv.columns(hidden, 2 * hidden), sequences, y);
        workspace.release(mark);
    }

    /**
     * The first row of every image that {@link #forward} computes alone, with the same bits.
     *
     * @param x the rows of images of the same size, [rows, hidden]
     * @param y [images, hidden]
     */
    void forwardFirst(Workspace workspace, Matrix x, Matrix y) {
        long mark = workspace.mark();
        int images = y.rows(), tokens = x.rows() / images;
        Matrix normed = workspace.matrix(x.rows(), hidden);
        norm1.apply(workspace, x, normed);
        Matrix firsts = workspace.matrix(images, hidden), normedFirsts = workspace.matrix(images, hidden);
        Attention.Sequence[] sequences = new Attention.Sequence[images];
        for (int i = 0; i < images; i++) {
            Rows.copy(x, i * tokens, firsts, i);
            Rows.copy(normed, i * tokens, normedFirsts, i);
            sequences[i] = new Attention.Sequence(i, 1, i * tokens, tokens, null);
        }
        Matrix q = inProjection.apply(workspace, normedFirsts, Epilogue.NONE).columns(0, hidden);
        Matrix kv = keyValue.apply(workspace, normed, Epilogue.NONE);
        attend(workspace, firsts, q, kv.columns(kv.columns() - 2 * hidden, 2 * hidden), sequences, y);
        workspace.release(mark);
    }

    /** The block from its attention on. */
    private void attend(Workspace workspace, Matrix x, Matrix q, Matrix kv, Attention.Sequence[] sequences, Matrix y) {
        Matrix mixed = workspace.matrix(x.rows(), hidden), middle = workspace.matrix(x.rows(), hidden);
        Matrix k = kv.columns(0, hidden), v = kv.columns(hidden, hidden);
        Attention.apply(workspace, form, new Attention.Operands(q, k, v), Attention.Pattern.of(sequences), mixed);
        outProjection.apply(workspace, mixed, Epilogue.residual(x), middle);
        norm2.apply(workspace, middle, mixed);
        fullyConnected.feedForward(workspace, mixed, ACTIVATION, projection, middle, y);
    }
}
