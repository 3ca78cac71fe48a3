package io.bridgetower.search.index;

import java.util.Random;

/** Unit vectors in no particular direction. */
final class RandomVectors {
    private final Random random;
    private final int width;

    RandomVectors(long seed, int width) {
        random = new Random(seed);
        this.width = width;
    }

    float[] next() {
        float[] vector = new float[width];
        double squares = 0;
        for (int i = 0; i < width; i++) {
            vector[i] = (float) random.nextGaussian();
            squares += vector[i] * vector[i];
        }
        for (int i = 0; i < width; i++) vector[i] /= (float) Math.sqrt(squares);
        return vector;
    }
}
