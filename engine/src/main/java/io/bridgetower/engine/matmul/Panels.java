package io.bridgetower.engine.matmul;

import static io.bridgetower.engine.vector.Lanes.F32;
import static io.bridgetower.engine.vector.Vectors.I32;
import static io.bridgetower.engine.vector.Vectors.ORDER;
import static io.bridgetower.engine.vector.Vectors.offHeap;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LSHL;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** Brings the right-hand side of a product into panels, stripe by stripe: see {@link TileShape}. */
public final class Panels {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt PAIR = ValueLayout.JAVA_INT_UNALIGNED;

    private Panels() {}

    /**
     * Packs weights that lie one under the other as the rows of one W, shared out by panel.
     *
     * <p>In plain loops over arrays, for two reasons. They are fast at once, while vector code crawls until it is
     * compiled, and a model is packed once. And weights are mapped files, another class of segments than the kernels'
     * memory: where the compiler has seen both at a vector load, it may inline neither, which made some runs of a whole
     * model two times slower than others.
     */
    static void pack(Workers workers, List<Tensor> weights, Linear packed) {
        pack(workers, packed, (block, firstRow, k, depth) -> {
            block.read(weights, packed.out(), packed.in(), firstRow, k, depth);
        });
    }

    /** Packs the transpose of a weight, [in, out], in the same way. */
    static void packTransposed(Workers workers, Tensor weight, Linear packed) {
        pack(workers, packed, (block, firstColumn, k, depth) -> block.readTransposed(weight, firstColumn, k, depth));
    }

    @FunctionalInterface
    private interface Reader {
        void read(Block block, int column, int k, int depth);
    }

    private static void pack(Workers workers, Linear packed, Reader reader) {
        int in = packed.in();
        Block[] blocks = new Block[workers.threads()];
        workers.run(TileShape.panels(packed.out()), (slot, panel) -> {
            if (blocks[slot] == null) blocks[slot] = new Block();
            for (int k = 0; k < in; k += Block.DEPTH) {
                int depth = Math.min(Block.DEPTH, in - k);
                reader.read(blocks[slot], panel * TileShape.PANEL, k, depth);
                long at = packed.panelOffset(panel, k);
                switch (packed.precision()) {
                    case F32 -> blocks[slot].writeFloats(depth, packed, at);
                    case BF16 -> blocks[slot].writePairs(depth, packed, at);
                }
            }
        });
    }

    /** A part of a panel on its way: rows of W as they lie in the file, the same transposed, and in 16 bits. */
    private static final class Block {
        /** Rows of a panel that are packed together, so that all three fit in the second-level cache. */
        static final int DEPTH = 128;

        /** Floats of a stripe. */
        private static final int STRIPE = DEPTH * Lanes.COUNT;

        private final float[] rows = new float[TileShape.PANEL * DEPTH];
        private final float[] panel = new float[TileShape.VECTORS * STRIPE];
        private final int[] pairs = new int[STRIPE];

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

        void readTransposed(Tensor weight, int firstColumn, int firstK, int depth) {
            int width = weight.dim(1), columns = Math.min(TileShape.PANEL, width - firstColumn);
            for (int r = columns; r < TileShape.PANEL; r++) clear(depth, r);
            for (int v = 0; v * Lanes.COUNT < columns; v++) {
                int first = v * Lanes.COUNT, count = Math.min(Lanes.COUNT, columns - first);
                for (int k = 0; k < depth; k++) {
                    long from = ((long) (firstK + k) * width + firstColumn + first) * Float.BYTES;
                    MemorySegment.copy(weight.segment(), FLOAT, from, panel, at(first) + k * Lanes.COUNT, count);
                }
            }
        }

        /** Where a column of the panel starts, whose elements are a vector apart. */
        private static int at(int column) {
            return column / Lanes.COUNT * STRIPE + column % Lanes.COUNT;
        }

        private void transpose(int depth, int r) {
            for (int k = 0, at = at(r); k < depth; k++, at += Lanes.COUNT) panel[at] = rows[r * DEPTH + k];
        }

        private void clear(int depth, int r) {
            for (int k = 0, at = at(r); k < depth; k++, at += Lanes.COUNT) panel[at] = 0;
        }

        void writeFloats(int depth, Linear packed, long at) {
            for (int v = 0; v < TileShape.VECTORS; v++) {
                long to = at + v * packed.stripeBytes();
                MemorySegment.copy(panel, v * STRIPE, packed.panels(), FLOAT, to, depth * Lanes.COUNT);
            }
        }

        /**
         * Writes stripes of 16-bit numbers: an element of a stripe of the first half and one of the second share 32 bits, the
         * first the lower half, so that a shift and a mask widen them in registers.
         */
        void writePairs(int depth, Linear packed, long at) {
            int half = TileShape.VECTORS / 2, count = depth * Lanes.COUNT;
            for (int v = 0; v < half; v++) {
                int first = v * STRIPE, second = (half + v) * STRIPE;
                for (int i = 0; i < count; i++) {
                    int low = WeightPrecision.toBf16(panel[first + i]),
                            high = WeightPrecision.toBf16(panel[second + i]);
                    pairs[i] = high << 16 | low;
                }
                MemorySegment.copy(pairs, 0, packed.panels(), PAIR, at + v * packed.stripeBytes(), count);
            }
        }
    }

    /**
     * Writes {@code k} rows of a layer's panel, which has 16 bits, as their own panel of 32 bits.
     *
     * @param firstK first of the rows
     */
    static void widen(Linear linear, int panel, int firstK, int k, MemorySegment to, long at) {
        MemorySegment from = linear.panels();
        int half = TileShape.VECTORS / 2;
        long pairs = linear.panelOffset(panel, firstK), stripe = (long) k * Lanes.BYTES;
        for (int v = 0; v < half; v++, pairs += linear.stripeBytes(), at += stripe) {
            for (long i = 0; i < stripe; i += Lanes.BYTES) {
                IntVector pair = IntVector.fromMemorySegment(I32, offHeap(from), pairs + i, ORDER);
                pair.lanewise(LSHL, Short.SIZE).reinterpretAsFloats().intoMemorySegment(offHeap(to), at + i, ORDER);
                pair.and(-1 << Short.SIZE)
                        .reinterpretAsFloats()
                        .intoMemorySegment(offHeap(to), at + half * stripe + i, ORDER);
            }
        }
    }

    /**
     * Writes the panel whose rows are those of a matrix.
     *
     * @param rowOffsets byte offset of each row in {@code from}
     * @param firstColumn byte offset in the rows
     * @param columns floats of a row that there are; the others become zero
     */
    public static void copy(
            MemorySegment from,
            long[] rowOffsets,
            long firstColumn,
            int rows,
            int columns,
            MemorySegment to,
            long panel) {
        if (columns < TileShape.PANEL) {
            copyPart(from, rowOffsets, firstColumn, rows, columns, to, panel);
            return;
        }
        long stripe = (long) rows * Lanes.BYTES;
        for (int row = 0; row < rows; row++) {
            long x = rowOffsets[row] + firstColumn, y = panel + (long) row * Lanes.BYTES;
            for (int v = 0; v < TileShape.VECTORS; v++) {
                fromMemorySegment(F32, offHeap(from), x + v * Lanes.BYTES, ORDER)
                        .intoMemorySegment(offHeap(to), y + v * stripe, ORDER);
            }
        }
    }

    private static void copyPart(
            MemorySegment from,
            long[] rowOffsets,
            long firstColumn,
            int rows,
            int columns,
            MemorySegment to,
            long panel) {
        for (int v = 0; v < TileShape.PANEL; v += Lanes.COUNT) {
            VectorMask<Float> mask = F32.indexInRange(Math.min(v, columns), columns);
            for (int row = 0; row < rows; row++) {
                long x = rowOffsets[row] + firstColumn + (long) v * Float.BYTES;
                fromMemorySegment(F32, offHeap(from), x, ORDER, mask)
                        .intoMemorySegment(offHeap(to), panel + offset(rows, row, v), ORDER);
            }
        }
    }

    /**
     * Where a vector lies in a panel of floats, in bytes.
     *
     * @param rows of the panel
     * @param column first of a stripe
     */
    public static long offset(int rows, int row, int column) {
        return ((long) column * rows + (long) row * Lanes.COUNT) * Float.BYTES;
    }
}
