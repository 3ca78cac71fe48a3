package io.bridgetower.engine.matmul;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/**
 * A part of a panel on its way from a file to memory: rows of W as they lie in the file, and the same transposed, as stripes.
 *
 * <p>In plain loops over arrays, for two reasons. They are fast at once, while vector code crawls until it is compiled, and a
 * model is packed once. And weights are mapped files, another class of segments than the kernels' memory: where the compiler
 * has seen both at a vector load, it may inline neither, which made some runs of a whole model two times slower than others.
 */
public final class WeightBlock {
    /** Rows of a panel that are packed together, so that all arrays fit in the second-level cache. */
    static final int DEPTH = 128;

    /** Floats of a stripe. */
    static final int STRIPE = DEPTH * Lanes.COUNT;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final float[] rows = new float[TileShape.PANEL * DEPTH];
    private final float[] stripes = new float[TileShape.VECTORS * STRIPE];
    private final int[] pairs = new int[STRIPE];

    WeightBlock() {}

    /** The rows as stripes, {@link #STRIPE} floats apart. */
    float[] stripes() {
        return stripes;
    }

    /** Scratch memory for pairs of 16 bits, {@link #STRIPE} long. */
    int[] pairs() {
        return pairs;
    }

    /** Reads inputs of the rows from {@code firstRow} on, of weights that lie one under the other and end at {@code end}. */
    void read(List<Tensor> weights, int end, int in, int firstRow, int firstK, int depth) {
        int part = 0, partStart = 0;
        for (int r = 0; r < TileShape.PANEL; r++) {
            int row = firstRow + r;
            if (row >= end) {
                clear(depth, r);
                continue;
            }
            while (row >= partStart + weights.get(part).dim(0)) {
                partStart += weights.get(part++).dim(0);
            }
            long from = ((long) (row - partStart) * in + firstK) * Float.BYTES;
            MemorySegment.copy(weights.get(part).segment(), FLOAT, from, rows, r * DEPTH, depth);
            transpose(depth, r);
        }
    }

    /** The same for the columns of a weight. */
    void readTransposed(Tensor weight, int firstColumn, int firstK, int depth) {
        int width = weight.dim(1), columns = Math.min(TileShape.PANEL, width - firstColumn);
        for (int r = columns; r < TileShape.PANEL; r++) clear(depth, r);
        for (int v = 0; v * Lanes.COUNT < columns; v++) {
            int first = v * Lanes.COUNT, count = Math.min(Lanes.COUNT, columns - first);
            for (int k = 0; k < depth; k++) {
                long from = ((long) (firstK + k) * width + firstColumn + first) * Float.BYTES;
                MemorySegment.copy(weight.segment(), FLOAT, from, stripes, at(first) + k * Lanes.COUNT, count);
            }
        }
    }

    /** Makes rows from {@code from} to {@code to} zero. */
    void clearRows(int from, int to) {
        for (int v = 0; v < TileShape.VECTORS; v++) {
            Arrays.fill(stripes, v * STRIPE + from * Lanes.COUNT, v * STRIPE + to * Lanes.COUNT, 0);
        }
    }

    /** Where a column of the panel starts, whose elements are a vector apart. */
    static int at(int column) {
        return column / Lanes.COUNT * STRIPE + column % Lanes.COUNT;
    }

    private void transpose(int depth, int r) {
        for (int k = 0, at = at(r); k < depth; k++, at += Lanes.COUNT) stripes[at] = rows[r * DEPTH + k];
    }

    private void clear(int depth, int r) {
        for (int k = 0, at = at(r); k < depth; k++, at += Lanes.COUNT) stripes[at] = 0;
    }
}
