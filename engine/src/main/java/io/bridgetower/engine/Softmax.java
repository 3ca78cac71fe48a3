package io.bridgetower.engine;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax over a row of a strip of scores, in the layout of {@link AttentionLayout#packed}. Scores are those of attention
 * times log₂ e, so that their exponentials are powers of two.
 */
final class Softmax {
    /** A score whose exponential vanishes beside any other. */
    static final float MASKED = -1e30f;

    private Softmax() {}

    /**
     * Where the sum of a row's exponentials is kept: behind the row's first block, in the room between rows. Those of the
     * rows of a tile are {@link TileShape#PITCH} floats apart.
     */
    static int sum(int strip, int row) {
        return strip + TileShape.MAX_K + row * TileShape.PITCH;
    }

    /** Gives the keys from {@code from} to {@code to} the weight zero. */
    static void zero(float[] scratch, int strip, int row, int from, int to) {
        for (int key = from; key < to; ) {
            int end = Math.min(to, (key / TileShape.MAX_K + 1) * TileShape.MAX_K);
            int at = strip + AttentionLayout.packed(row, key);
            Arrays.fill(scratch, at, at + end - key, 0f);
            key = end;
        }
    }

    /**
     * Keeps the maximum of the first {@code keys} scores of a row for {@link #exponentials}. Of a tile, all rows have their
     * turn before the first has that: a row alone is short, and the processor would wait for one step after the other.
     */
    static void maximum(float[] scratch, int strip, int row, int keys) {
        int end = end(keys), pad = strip + AttentionLayout.packed(row, keys - 1) + 1;
        Arrays.fill(scratch, pad, pad + end - keys, MASKED);
        scratch[sum(strip, row)] = maximumTo(scratch, strip, row, end);
    }

    /**
     * Replaces the first {@code keys} scores of a row by 2^(score − maximum) and keeps the sum in place of the maximum.
     * Scores up to the end of the last pair of vectors are overwritten: they become exponentials that vanish in the sum, so
     * that no vector needs a mask.
     */
    static void exponentials(float[] scratch, int strip, int row, int keys) {
        int end = end(keys), sumAt = sum(strip, row);
        float maximum = scratch[sumAt];
        FloatVector sum = Vectors.zero();
        for (int block = 0; block < end; block += TileShape.MAX_K) {
            int at = strip + AttentionLayout.packed(row, block);
            sum = exponentials(scratch, at, at + Math.min(end - block, TileShape.MAX_K), maximum, sum);
        }
        scratch[sumAt] = Vectors.sum(sum);
    }

    private static int end(int keys) {
        return keys + 2 * VectorWidth.LANES - 1 & -2 * VectorWidth.LANES;
    }

    private static FloatVector exponentials(float[] scratch, int from, int to, float maximum, FloatVector sum) {
        FloatVector total = sum;
        for (int i = from; i < to; i += VectorWidth.LANES) {
            FloatVector e = VectorMath.exp2(
                    FloatVector.fromArray(VectorWidth.F32, scratch, i).sub(maximum));
            e.intoArray(scratch, i);
            total = total.add(e);
        }
        return total;
    }

    private static float maximumTo(float[] scratch, int strip, int row, int end) {
        FloatVector even = Vectors.broadcast(MASKED), odd = even;
        for (int block = 0; block < end; block += TileShape.MAX_K) {
            int at = strip + AttentionLayout.packed(row, block), to = at + Math.min(end - block, TileShape.MAX_K);
            for (int i = at; i < to; i += 2 * VectorWidth.LANES) {
                FloatVector first = FloatVector.fromArray(VectorWidth.F32, scratch, i);
                FloatVector second = FloatVector.fromArray(VectorWidth.F32, scratch, i + VectorWidth.LANES);
                even = even.blend(first, even.lt(first));
                odd = odd.blend(second, odd.lt(second));
            }
        }
        // The greatest of floats does not depend on the order.
        return even.max(odd).reduceLanes(VectorOperators.MAX);
    }
}
