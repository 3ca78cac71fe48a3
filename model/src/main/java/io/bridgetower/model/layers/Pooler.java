package io.bridgetower.model.layers;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.runtime.Parameters;

/** {@code tanh(dense(x))} of the first row of a text or image. */
public final class Pooler {
    private static final Epilogue TANH = Epilogue.activation(Activation.TANH);

    private final Linear dense;

    public Pooler(Parameters parameters, int hidden) throws MalformedFileException {
        dense = parameters.linear("dense", hidden, hidden);
    }

    /**
     * @param firstRows [pairs, hidden]
     * @param y [pairs, hidden]
     */
    public void forward(Workspace workspace, Matrix firstRows, Matrix y) {
        dense.apply(workspace, firstRows, TANH, y);
    }
}
