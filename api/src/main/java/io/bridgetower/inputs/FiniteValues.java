package io.bridgetower.inputs;

import io.bridgetower.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Outputs of a model, which are finite if its weights are those of a trained model and its inputs are sound. */
public final class FiniteValues {
    private FiniteValues() {}

    /**
     * The same array.
     *
     * @throws ArithmeticException if a value is infinite or not a number
     */
    public static float[] checked(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new ArithmeticException(
                        "the model computes " + value + ": its weights are not those of a trained model");
            }
        }
        return values;
    }

    /**
     * Copies of the rows of a matrix, on the heap.
     *
     * @throws ArithmeticException if a value is infinite or not a number
     */
    public static List<float[]> rows(Tensor matrix) {
        List<float[]> rows = new ArrayList<>(matrix.dim(0));
        for (int i = 0; i < matrix.dim(0); i++)
            rows.add(checked(matrix.slice(i, 1).toArray()));
        return rows;
    }
}
