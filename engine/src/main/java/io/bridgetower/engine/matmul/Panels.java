package io.bridgetower.engine.matmul;

import static io.bridgetower.engine.vector.Lanes.F32;
import static io.bridgetower.engine.vector.Vectors.I32;
import static io.bridgetower.engine.vector.Vectors.ORDER;
import static io.bridgetower.engine.vector.Vectors.offHeap;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LSHL;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** Brings the right-hand side of a product into panels, stripe by stripe: see {@link TileShape}. */
public final class Panels {
    private Panels() {}

    /** Packs weights that lie one under the other as the rows of one W, shared out by panel. */
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
        void read(WeightBlock block, int column, int k, int depth);
    }

    private static void pack(Workers workers, Linear packed, Reader reader) {
        int in = packed.in();
        WeightBlock[] blocks = new WeightBlock[workers.threads()];
        workers.run(TileShape.panels(packed.out()), (slot, panel) -> {
            if (blocks[slot] == null) blocks[slot] = new WeightBlock();
            for (int k = 0; k < in; k += WeightBlock.DEPTH) {
                int depth = Math.min(WeightBlock.DEPTH, in - k);
                reader.read(blocks[slot], panel * TileShape.PANEL, k, depth);
                packed.format().write(blocks[slot], depth, packed, panel, k);
            }
        });
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
        copy(from, rowOffsets, 0, firstColumn, rows, columns, to, panel, rows);
    }

    /**
     * Writes the first rows of a panel.
     *
     * @param firstRow index of the first of them in {@code rowOffsets}
     * @param rows how many
     * @param panelRows rows of the panel
     */
    public static void copy(
            MemorySegment from,
            long[] rowOffsets,
            int firstRow,
            long firstColumn,
            int rows,
            int columns,
            MemorySegment to,
            long panel,
            int panelRows) {
        if (columns < TileShape.PANEL) {
            copyPart(from, rowOffsets, firstRow, firstColumn, rows, columns, to, panel, panelRows);
            return;
        }
        long stripe = (long) panelRows * Lanes.BYTES;
        for (int row = 0; row < rows; row++) {
            long x = rowOffsets[firstRow + row] + firstColumn, y = panel + (long) row * Lanes.BYTES;
            for (int v = 0; v < TileShape.VECTORS; v++) {
                fromMemorySegment(F32, offHeap(from), x + v * Lanes.BYTES, ORDER)
                        .intoMemorySegment(offHeap(to), y + v * stripe, ORDER);
            }
        }
    }

    private static void copyPart(
            MemorySegment from,
            long[] rowOffsets,
            int firstRow,
            long firstColumn,
            int rows,
            int columns,
            MemorySegment to,
            long panel,
            int panelRows) {
        for (int v = 0; v < TileShape.PANEL; v += Lanes.COUNT) {
            VectorMask<Float> mask = F32.indexInRange(Math.min(v, columns), columns);
            for (int row = 0; row < rows; row++) {
                long x = rowOffsets[firstRow + row] + firstColumn + (long) v * Float.BYTES;
                fromMemorySegment(F32, offHeap(from), x, ORDER, mask)
                        .intoMemorySegment(offHeap(to), panel + offset(panelRows, row, v), ORDER);
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
