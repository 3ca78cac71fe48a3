package io.bridgetower.engine.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.vector.VectorMathTest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxTest {
    private static final ScoreStrip STRIP = new ScoreStrip(0, TileShape.MAX_ROWS);

    private static final int ROWS = 3;

    /** The maximum has either sign, and lies anywhere: at an end of a row, of a vector or of a block. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 64, 325, 767, 768, 769, 1600})
    void equalsTheScalarTwin(int keys) {
        Random random = new Random(keys);
        for (int round = 0; round < 100; round++) {
            double shift = new double[] {-40, -3, 0, 3, 40}[round % 5];
            float[][] scores = new float[ROWS][keys];
            for (float[] row : scores) {
                for (int key = 0; key < keys; key++) row[key] = (float) (shift + random.nextGaussian());
                row[random.nextInt(keys)] += round % 3 * 100;
            }
            float[][] found = apply(scores);
            for (int row = 0; row < ROWS; row++) assertArrayNear(powers(scores[row]), found[row]);
        }
    }

    private static double[] powers(float[] scores) {
        double[] powers = new double[scores.length];
        double maximum = Double.NEGATIVE_INFINITY, sum = 0;
        for (float score : scores) maximum = Math.max(maximum, score);
        for (int i = 0; i < powers.length; i++) sum += powers[i] = Math.pow(2, scores[i] - maximum);
        for (int i = 0; i < powers.length; i++) powers[i] /= sum;
        return powers;
    }

    private static void assertArrayNear(double[] expected, float[] found) {
        for (int i = 0; i < expected.length; i++) assertEquals(expected[i], found[i], 1e-6, "key " + i);
    }

    @Test
    void zerosOfBothSignsAreEqual() {
        float[][] found = apply(new float[][] {{-0f, 0f}, {-1f, -0f}, {0f, -1f}});
        assertArrayNear(new double[] {0.5, 0.5}, found[0]);
        assertArrayNear(new double[] {1 / 3d, 2 / 3d}, found[1]);
        assertArrayNear(new double[] {2 / 3d, 1 / 3d}, found[2]);
    }

    @Test
    void infinitelySmallScoresVanish() {
        assertArrayNear(new double[] {0, 1}, apply(new float[][] {{Float.NEGATIVE_INFINITY, -5f}})[0]);
    }

    /** A number that went wrong must not come out as one that looks right. */
    @Test
    void whatIsNotANumberSpoilsItsRow() {
        for (float wrong : new float[] {Float.NaN, VectorMathTest.NEGATIVE_NAN, Float.POSITIVE_INFINITY}) {
            for (float other : new float[] {-2f, 2f}) {
                float[][] found = apply(new float[][] {{other, wrong, other}, {other, other, other}});
                assertTrue(Float.isNaN(found[0][1]), wrong + " beside " + other);
                assertTrue(Float.isNaN(found[0][0]), "the sum of " + wrong + " and " + other);
                assertArrayNear(new double[] {1 / 3d, 1 / 3d, 1 / 3d}, found[1]);
            }
        }
    }

    /** Probabilities of rows of scores. */
    private static float[][] apply(float[][] scores) {
        int keys = scores[0].length;
        float[] strip = new float[TileShape.blocks(keys) * TileShape.TILE_FLOATS];
        Arrays.fill(strip, 1e9f);
        for (int row = 0; row < scores.length; row++) {
            for (int key = 0; key < keys; key++) strip[STRIP.at(row, key)] = scores[row][key];
        }
        Softmax.exponentials(strip, STRIP, scores.length, keys);
        float[][] probabilities = new float[scores.length][keys];
        for (int row = 0; row < scores.length; row++) {
            for (int key = 0; key < keys; key++) {
                probabilities[row][key] = strip[STRIP.at(row, key)] / strip[STRIP.sum(row)];
            }
        }
        return probabilities;
    }
}
