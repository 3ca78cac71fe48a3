package io.bridgetower.search.index;

/** What the model's vectors are, and Lucene's dot products rely on. */
final class UnitVector {
    /** Sums of squares of floats stay well within this. */
    private static final double TOLERANCE = 1e-3;

    private UnitVector() {}

    /** @throws IllegalArgumentException unless the vector has that width and the length 1 */
    static float[] checked(float[] vector, int width) {
        if (vector.length != width) {
            throw new IllegalArgumentException("vector: expected " + width + " elements, found " + vector.length);
        }
        double squares = 0;
        for (float value : vector) squares += (double) value * value;
        if (Math.abs(squares - 1) <= TOLERANCE) return vector;
        throw new IllegalArgumentException("vector: expected the length 1, found " + (float) Math.sqrt(squares)
                + (Double.isNaN(squares) ? ": the model's weights are not those of a trained one" : ""));
    }
}
