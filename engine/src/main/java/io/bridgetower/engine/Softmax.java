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
        int whole = Vectors.whole(keys), lanes = VectorWidth.LANES;
        var tail = Vectors.tail(keys);
        FloatVector greatest = Vectors.broadcast(Float.NEGATIVE_INFINITY);
        for (int block = 0; block < whole; block += TileShape.MAX_K) {
            int at = strip + AttentionLayout.packed(row, block), count = Math.min(whole - block, TileShape.MAX_K);
            for (int i = 0; i < count; i += lanes) greatest = greatest.max(Vectors.load(scratch, at + i));
        }
        // The last panel is stored whole, so the lanes past the last key may be read; the mask keeps them out.
        int lastAt = strip + AttentionLayout.packed(row, whole);
        if (whole < keys) greatest = greatest.lanewise(VectorOperators.MAX, Vectors.load(scratch, lastAt), tail);
        float maximum = greatest.reduceLanes(VectorOperators.MAX);

        FloatVector sum = Vectors.zero();
        for (int block = 0; block < whole; block += TileShape.MAX_K) {
            int at = strip + AttentionLayout.packed(row, block), count = Math.min(whole - block, TileShape.MAX_K);
            for (int i = 0; i < count; i += lanes) {
                FloatVector e = VectorMath.exp(Vectors.load(scratch, at + i).sub(maximum));
                e.intoArray(scratch, at + i);
                sum = sum.add(e);
            }
        }
        if (whole < keys) {
            FloatVector e = VectorMath.exp(Vectors.load(scratch, lastAt).sub(maximum));
            e.intoArray(scratch, lastAt);
            sum = sum.add(e, tail);
        }
        scratch[sumAt(strip, row)] = Vectors.sum(sum);
    }
}
