package io.bridgetower.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Brings the right-hand side of a product into panels: rows of {@link TileShape#PANEL} floats without gaps. */
final class Panels {
    private Panels() {}

    /** Packs weights that lie one under the other as the rows of one W, shared out by panel. */
    static void pack(Workers workers, List<Tensor> weights, int in, MemorySegment packed) {
        int[] ends = new int[weights.size()];
        int out = 0;
        for (int i = 0; i < ends.length; i++) ends[i] = out += weights.get(i).dim(0);
        int rows = out;
        RowSource source = (row, block, at, firstColumn, columns) -> {
            int part = 0;
            while (row >= ends[part]) part++;
            int local = row - (part == 0 ? 0 : ends[part - 1]);
            copyRow(weights.get(part).segment(), ((long) local * in + firstColumn) * Float.BYTES, block, at, columns);
        };
        try (Arena arena = Arena.ofShared()) {
            MemorySegment blocks = arena.allocate(Transpose.BLOCK_BYTES * workers.threads(), Tensor.ALIGNMENT);
            workers.run(
                    TileShape.panels(rows),
                    (slot, panel) -> transposed(
                            source,
                            panel * TileShape.PANEL,
                            rows,
                            in,
                            blocks,
                            slot * Transpose.BLOCK_BYTES,
                            packed,
                            panel * (in * TileShape.PANEL_BYTES)));
        }
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
