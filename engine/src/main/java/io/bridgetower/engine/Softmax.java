package io.bridgetower.engine;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax over a row of a strip of scores, in the layout of {@link AttentionLayout#packed}. */
final class Softmax {
    private Softmax() {}

    /** The sum of a row's exponentials. It is kept behind the row's first block, in the room between rows. */
    static float sum(float[] scratch, int strip, int row) {
        return scratch[sumAt(strip, row)];
    }

    private static int sumAt(int strip, int row) {
        return strip + row * TileShape.PITCH + TileShape.MAX_K;
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

    /** Replaces the first {@code keys} scores of a row by exp(score − maximum) and keeps the sum. */
    static void exponentials(float[] scratch, int strip, int row, int keys) {
        float maximum = maximum(scratch, strip, row, keys);
        int whole = Vectors.whole(keys);
        FloatVector sum = Vectors.zero();
        for (int block = 0; block < whole; block += TileShape.MAX_K) {
            int at = strip + AttentionLayout.packed(row, block), end = at + Math.min(whole - block, TileShape.MAX_K);
            for (int i = at; i < end; i += VectorWidth.LANES) {
                FloatVector e = VectorMath.exp(
                        FloatVector.fromArray(VectorWidth.F32, scratch, i).sub(maximum));
                e.intoArray(scratch, i);
                sum = sum.add(e);
            }
        }
        float tail = whole < keys ? lastExponentials(scratch, strip, row, keys, maximum) : 0;
        scratch[sumAt(strip, row)] = Vectors.sum(sum) + tail;
    }

    // The last panel is stored whole, so the lanes past the last key may be read; the mask keeps them out.
    private static float lastExponentials(float[] scratch, int strip, int row, int keys, float maximum) {
        int at = strip + AttentionLayout.packed(row, Vectors.whole(keys));
        FloatVector e = VectorMath.exp(Vectors.load(scratch, at).sub(maximum));
        e.intoArray(scratch, at);
        return Vectors.sum(Vectors.zero().blend(e, Vectors.tail(keys)));
    }

    private static float maximum(float[] scratch, int strip, int row, int keys) {
        int whole = Vectors.whole(keys);
        FloatVector greatest = Vectors.broadcast(Float.NEGATIVE_INFINITY);
        for (int block = 0; block < whole; block += TileShape.MAX_K) {
            int at = strip + AttentionLayout.packed(row, block), end = at + Math.min(whole - block, TileShape.MAX_K);
            for (int i = at; i < end; i += VectorWidth.LANES) greatest = greatest.max(Vectors.load(scratch, i));
        }
        if (whole < keys) {
            FloatVector last = Vectors.load(scratch, strip + AttentionLayout.packed(row, whole));
            greatest = greatest.max(greatest.blend(last, Vectors.tail(keys)));
        }
        // The greatest of floats does not depend on the order.
        return greatest.reduceLanes(VectorOperators.MAX);
    }
}
