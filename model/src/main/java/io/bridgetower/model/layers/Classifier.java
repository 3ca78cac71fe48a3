package io.bridgetower.model.layers;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.matmul.Activations;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.model.runtime.Parameters;

/**
 * A {@link TaskHead}: {@code W·x + b}, or with two layers {@code W₃·gelu(LN(W₀·x + b₀)) + b₃}. The numbers in the names of its
 * tensors are those of torch's {@code Sequential}, in which the activation has no tensors.
 */
public final class Classifier {
    /** torch's default, which no configuration changes. */
    private static final double LAYER_NORM_EPS = 1e-5;

    private final Linear dense;
    private final LayerNorm norm;
    private final Linear output;

    /** @param labels number of its outputs */
    public Classifier(Parameters heads, TaskHead head, BridgeTowerConfig config, int labels)
            throws MalformedFileException {
        Parameters parameters = heads.sub(head.tensors());
        int in = head.in(config), inner = head.inner(config);
        if (config.taskHeadLayers() == 1) {
            dense = null;
            norm = null;
            output = parameters.linear("0", in, labels);
        } else {
            dense = parameters.linear("0", in, inner);
            norm = parameters.layerNorm("1", inner, LAYER_NORM_EPS);
            output = parameters.linear("3", inner, labels);
        }
    }

    /**
     * @param pooled [rows, in]
     * @return [rows, labels], on the workspace
     */
    public Matrix forward(Workspace workspace, Matrix pooled) {
        if (dense == null) return output.apply(workspace, pooled, Epilogue.NONE);
        Matrix inner = dense.apply(workspace, pooled, Epilogue.NONE);
        norm.apply(workspace, inner, inner);
        Activations.apply(workspace, Activation.GELU, inner);
        return output.apply(workspace, inner, Epilogue.NONE);
    }
}
