package io.bridgetower.model.layers;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.runtime.Parameters;

/**
 * What leads from one tower to the cross-modal layers (paper, section 3.3): {@code transform(x) + type}, and before the
 * first layer a LayerNorm. The part that needs the other modality is {@link LinkTower}.
 */
final class Bridge {
    private final Linear[] transforms;
    private final LayerNorm norm;

    private Bridge(Linear[] transforms, LayerNorm norm) {
        this.transforms = transforms;
        this.norm = norm;
    }

    /**
     * @param trunk parameters of the whole model
     * @param modality {@code text} or {@code image}
     * @param in width of the tower
     */
    Bridge(Parameters trunk, String modality, int in, BridgeTowerConfig config) throws MalformedFileException {
        int hidden = config.hiddenSize();
        String name = "cross_modal_" + modality + "_transform";
        transforms = new Linear[config.numHiddenLayers()];
        for (int i = 0; i < transforms.length; i++) {
            if (!config.shareCrossModalTransformerLayers()) transforms[i] = trunk.linear(name + "." + i, in, hidden);
            else transforms[i] = i == 0 ? trunk.linear(name, in, hidden) : transforms[0];
        }
        norm = trunk.layerNorm("cross_modal_" + modality + "_layernorm", hidden, config.layerNormEps());
    }

    /** The same bridge that adds {@code type}, a row of the token type embeddings, to what it transforms. */
    Bridge plus(Parameters trunk, Tensor type) {
        Linear[] sums = new Linear[transforms.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = i > 0 && transforms[i] == transforms[i - 1] ? sums[i - 1] : transforms[i].plus(type);
        }
        return new Bridge(sums, norm);
    }

    /** {@code transform(x) + type} as before the last cross-modal layer, without a LayerNorm: what ITC projects. */
    void last(Workspace workspace, Matrix x, Matrix y) {
        transforms[transforms.length - 1].apply(workspace, x, Epilogue.NONE, y);
    }

    /**
     * @param layer index of the cross-modal layer that reads it
     * @param x [rows, in]
     * @param y [rows, hidden]
     */
    public void forward(Workspace workspace, int layer, Matrix x, Matrix y) {
        transforms[layer].apply(workspace, x, Epilogue.NONE, y);
        if (layer == 0) norm.apply(workspace, y, y);
    }
}
