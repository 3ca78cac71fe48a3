package io.bridgetower.model;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.Epilogue;
import io.bridgetower.engine.Linear;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Workspace;
import io.bridgetower.files.MalformedFileException;

/** {@code tanh(dense(x))} of the first row of a text or image. */
final class Pooler {
    private static final Epilogue TANH = Epilogue.activation(Activation.TANH);

    private final Linear dense;

    Pooler(Parameters parameters, int hidden) throws MalformedFileException {
        dense = parameters.linear("dense", hidden, hidden);
    }

    /**
     * @param firstRows [pairs, hidden]
     * @param y [pairs, hidden]
     */
    void forward(Workspace workspace, Matrix firstRows, Matrix y) {
        dense.apply(workspace, firstRows, TANH, y);
    }
}
