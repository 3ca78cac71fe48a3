package io.bridgetower.engine.attention;

import static io.bridgetower.engine.vector.Lanes.F32;
import static jdk.incubator.vector.FloatVector.fromArray;

import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.vector.Lanes;
import io.bridgetower.engine.vector.VectorMath;
import io.bridgetower.engine.vector.Vectors;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax over the rows of a strip of scores, in a {@link ScoreStrip}. Scores are those of attention
 * times log₂ e, so that their exponentials are powers of two.
 *
 * <p>A row is short: the processor would wait for its end, step after step. So each step takes all rows of a tile, and can
 * begin with the next row meanwhile.
 */
final class Softmax {
    /** A score whose exponential vanishes next to any other. */
    static final float MASKED = -1e30f;

    private Softmax() {}

    /** Gives the keys from {@code from} to {@code to} a score, or a weight. */
    static void fill(float[] scratch, ScoreStrip strip, int row, int from, int to, float value) {
        for (int key = from; key < to; ) {
            int end = Math.min(to, (key / TileShape.MAX_K + 1) * TileShape.MAX_K);
            int at = strip.at(row, key);
            Arrays.fill(scratch, at, at + end - key, value);
            key = end;
        }
    }

    /**
     * Replaces {@code keys} scores of each of the first rows by 2^(score − maximum of the row) and keeps the sums. Scores up to
     * the end of the last vector are overwritten: they become exponentials that vanish in the sum.
     */
    static void exponentials(float[] scratch, ScoreStrip strip, int rows, int keys) {
        maxima(scratch, strip, rows, keys);
        int end = Vectors.whole(keys + Lanes.COUNT - 1);
        for (int row = 0; row < rows; row++) {
            float maximum = scratch[strip.sum(row)], sum = 0;
            for (int block = 0; block < end; block += TileShape.MAX_K) {
                int at = strip.at(row, block), to = at + Math.min(end - block, TileShape.MAX_K);
                sum += VectorMath.powers(scratch, at, to, maximum);
            }
            scratch[strip.sum(row)] = sum;
        }
    }

    /**
     * Keeps the maximum of each row in place of the sum, and masks what the last vector has beyond the keys.
     *
     * <p>Floats are ordered as their bits are, as integers, or, of two negative ones, the other way round. The greatest and
     * the least integer take one instruction each, while the greatest float, with zeros and NaNs as Java orders them, takes
     * six.
     */
    private static void maxima(float[] scratch, ScoreStrip strip, int rows, int keys) {
        int last = Vectors.whole(keys - 1), lastAt = strip.at(0, last);
        VectorMask<Float> beyond = F32.indexInRange(last, keys).not();
        for (int row = 0; row < rows; row++, lastAt += TileShape.PITCH) {
            FloatVector masked = fromArray(F32, scratch, lastAt).blend(MASKED, beyond);
            masked.intoArray(scratch, lastAt);
            IntVector ends = masked.reinterpretAsInts(), greatest = ends, least = ends;
            for (int block = 0; block < last; block += TileShape.MAX_K) {
                int at = strip.at(row, block), to = at + Math.min(last - block, TileShape.MAX_K);
                for (int i = at; i < to; i += Lanes.COUNT) {
                    IntVector bits = fromArray(F32, scratch, i).reinterpretAsInts();
                    greatest = bits.max(greatest);
                    least = bits.min(least);
                }
            }
            int maximum = ends.max(greatest).reduceLanes(VectorOperators.MAX);
            if (maximum < 0) maximum = ends.min(least).reduceLanes(VectorOperators.MIN);
            scratch[strip.sum(row)] = Float.intBitsToFloat(maximum);
        }
    }
}
