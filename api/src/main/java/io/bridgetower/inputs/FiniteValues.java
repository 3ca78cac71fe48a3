package io.bridgetower.inputs;

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
}
