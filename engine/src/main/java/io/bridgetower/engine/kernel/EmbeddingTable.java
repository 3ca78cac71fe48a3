package io.bridgetower.engine.kernel;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.runtime.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Rows that are looked up by their number, such as a vocabulary's. The memory belongs to the arena given to {@link #copy}.
 * Safe for use by several threads.
 */
public final class EmbeddingTable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final int size;
    private final int width;
    private final WeightPrecision precision;
    private final MemorySegment rows;

    private EmbeddingTable(int size, int width, WeightPrecision precision, MemorySegment rows) {
        this.size = size;
        this.width = width;
        this.precision = precision;
        this.rows = rows;
    }

    /**
     * A copy of a table.
     *
     * @param table [rows, width]
     */
    public static EmbeddingTable copy(Arena arena, WeightPrecision precision, Tensor table) {
        MemorySegment rows = arena.allocate(Math.max(1, table.size() * precision.bytes()), Tensor.ALIGNMENT);
        switch (precision) {
            case F32 -> rows.copyFrom(table.segment());
            case BF16 -> {
                for (long i = 0; i < table.size(); i++) {
                    float value = table.segment().get(FLOAT, i * Float.BYTES);
                    rows.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) WeightPrecision.toBf16(value));
                }
            }
        }
        return new EmbeddingTable(table.dim(0), table.dim(1), precision, rows);
    }

    /**
     * Copies a row.
     *
     * @param y [*, width]
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public void copyRow(int row, Matrix y, int toRow) {
        if (y.columns() != width) throw new IllegalArgumentException("rows of " + width + " floats into " + y);
        Objects.checkIndex(row, size);
        Objects.checkIndex(toRow, y.rows());
        long from = (long) row * width * precision.bytes(), to = y.rowOffset(toRow);
        switch (precision) {
            case F32 -> MemorySegment.copy(rows, from, y.segment(), to, (long) width * Float.BYTES);
            case BF16 -> {
                for (int i = 0; i < width; i++) {
                    int upper = rows.get(ValueLayout.JAVA_SHORT, from + (long) i * Short.BYTES) << Short.SIZE;
                    y.segment().set(FLOAT, to + (long) i * Float.BYTES, Float.intBitsToFloat(upper));
                }
            }
        }
    }
}
