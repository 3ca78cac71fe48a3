package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Brings the right-hand side of a product into panels: rows of {@link TileShape#PANEL} floats without gaps. */
final class Panels {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Rows of a panel that are packed together: what they are read from and written to fits in the first cache. */
    private static final int PACKED_DEPTH = 128;

    private static final int PACKED_FLOATS = PACKED_DEPTH * TileShape.PANEL;

    private Panels() {}

    /**
     * Packs weights that lie one under the other as the rows of one W, shared out by panel.
     *
     * <p>In plain loops over arrays, for two reasons. They are fast at once, while vector code crawls until it is
     * compiled, and a model is packed once. And weights are mapped files, another class of segments than the kernels'
     * memory: where the compiler has seen both at a vector load, it may inline neither, which made some runs of a whole
     * model two times slower than others.
     */
    static void pack(Workers workers, List<Tensor> weights, int in, MemorySegment packed) {
        int out = 0;
        for (Tensor weight : weights) out += weight.dim(0);
        int rows = out;
        float[][] scratch = new float[workers.threads()][];
        workers.run(TileShape.panels(rows), (slot, panel) -> {
            if (scratch[slot] == null) scratch[slot] = new float[2 * PACKED_FLOATS];
            for (int k = 0; k < in; k += PACKED_DEPTH) {
                packBlock(weights, rows, in, panel, k, Math.min(PACKED_DEPTH, in - k), scratch[slot], packed);
            }
        });
    }

    private static void packBlock(
            List<Tensor> weights,
            int rows,
            int in,
            int panel,
            int firstK,
            int depth,
            float[] scratch,
            MemorySegment packed) {
        int firstRow = panel * TileShape.PANEL, count = Math.min(TileShape.PANEL, rows - firstRow);
        int part = 0, partStart = 0;
        for (int r = 0; r < count; r++) {
            while (firstRow + r >= partStart + weights.get(part).dim(0)) {
                partStart += weights.get(part++).dim(0);
            }
            long from = ((long) (firstRow + r - partStart) * in + firstK) * Float.BYTES;
            MemorySegment.copy(weights.get(part).segment(), FLOAT, from, scratch, r * PACKED_DEPTH, depth);
        }
        for (int r = 0; r < TileShape.PANEL; r++) {
            if (r < count) spread(scratch, r * PACKED_DEPTH, depth, PACKED_FLOATS + r);
            else clear(scratch, depth, PACKED_FLOATS + r);
        }
        long to = ((long) panel * in + firstK) * TileShape.PANEL_BYTES;
        MemorySegment.copy(scratch, PACKED_FLOATS, packed, FLOAT, to, depth * TileShape.PANEL);
    }

    private static void spread(float[] scratch, int from, int depth, int to) {
        for (int k = 0; k < depth; k++) scratch[to + k * TileShape.PANEL] = scratch[from + k];
    }

    private static void clear(float[] scratch, int depth, int to) {
        for (int k = 0; k < depth; k++) scratch[to + k * TileShape.PANEL] = 0;
    }

    /** Where the rows of a matrix come from that is to be transposed. */
    @FunctionalInterface
    interface RowSource {
        /** Copies up to a vector of floats of one row to {@code block}, zeros after them. */
        void load(int row, MemorySegment block, long at, int firstColumn, int columns);
    }

    /**
     * Writes the panel whose columns are rows {@code firstRow} on of a row-major matrix.
     *
     * @param rows rows of the matrix; columns of the panel past the last are zero
     * @param depth columns of the matrix, which are the rows of the panel
     * @param block scratch of {@link Transpose#BLOCK_BYTES}
     */
    static void transposed(
            RowSource source,
            int firstRow,
            int rows,
            int depth,
            MemorySegment block,
            long blockOffset,
            MemorySegment panel,
            long panelOffset) {
        int lanes = VectorWidth.LANES;
        for (int k = 0; k < depth; k += lanes) {
            int columns = Math.min(lanes, depth - k);
            for (int v = 0; v < TileShape.VECTORS; v++) {
                int from = firstRow + v * lanes;
                for (int r = 0; r < lanes; r++) {
                    long at = blockOffset + (long) r * VectorWidth.BYTES;
                    if (from + r < rows) source.load(from + r, block, at, k, columns);
                    else Vectors.store(Vectors.zero(), block, at);
                }
                Transpose.inPlace(block, blockOffset);
                for (int c = 0; c < columns; c++) {
                    FloatVector column = Vectors.load(block, blockOffset + (long) c * VectorWidth.BYTES);
                    Vectors.store(
                            column,
                            panel,
                            panelOffset + (k + c) * TileShape.PANEL_BYTES + (long) v * VectorWidth.BYTES);
                }
            }
        }
    }

    /** One vector of floats, the last {@code LANES − count} of them zero. */
    static void copyRow(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, int count) {
        if (count == VectorWidth.LANES) {
            Vectors.store(Vectors.load(from, fromOffset), to, toOffset);
        } else {
            VectorMask<Float> tail = Vectors.tail(count);
            Vectors.store(Vectors.load(from, fromOffset, tail), to, toOffset);
        }
    }
}
