package io.bridgetower.cli;

/** Numbers that a trained model computes. */
final class Finite {
    private Finite() {}

    static float[] checked(float[] values) throws Failure {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new Failure("the model computes " + value + ": its weights are not those of a trained model");
            }
        }
        return values;
    }
}
