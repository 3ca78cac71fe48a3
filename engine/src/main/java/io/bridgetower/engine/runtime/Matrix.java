package io.bridgetower.engine.runtime;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.VectorModule;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * A window of rows and columns in off-heap memory, as kernels read and write it: element (r, c) is the float at byte
 * {@code offset + (r * stride + c) * 4} of {@code segment}. Windows share memory and own none.
 *
 * @param segment native memory
 * @param offset byte offset of the first element
 * @param rows number of rows
 * @param columns number of columns
 * @param stride floats from one row to the next
 */
public record Matrix(MemorySegment segment, long offset, int rows, int columns, long stride) {
    /**
     * Checks that the window lies in the segment.
     *
     * @throws IndexOutOfBoundsException if it does not
     */
    public Matrix {
        VectorModule.require();
        if (rows < 0 || columns < 0 || stride < 0) {
            throw new IndexOutOfBoundsException(rows + " × " + columns + " with stride " + stride);
        }
        if (rows > 0 && columns > 0) {
            Objects.checkFromIndexSize(offset, ((rows - 1) * stride + columns) * Float.BYTES, segment.byteSize());
        }
    }

    /** The whole of a tensor: all but the last dimension become rows. */
    public static Matrix of(Tensor tensor) {
        int columns = tensor.rank() == 0 ? 1 : tensor.dim(-1);
        int rows = columns == 0 ? 0 : Math.toIntExact(tensor.size() / columns);
        return new Matrix(tensor.segment(), 0, rows, columns, columns);
    }

    /** {@code count} rows from {@code first} on. */
    public Matrix rows(int first, int count) {
        Objects.checkFromIndexSize(first, count, rows);
        return new Matrix(segment, offset + first * stride * Float.BYTES, count, columns, stride);
    }

    /** {@code count} columns from {@code first} on. */
    public Matrix columns(int first, int count) {
        Objects.checkFromIndexSize(first, count, columns);
        return new Matrix(segment, offset + (long) first * Float.BYTES, rows, count, stride);
    }

    /** Every {@code step}-th row from {@code first} on; the number of rows is a multiple of the step. */
    public Matrix everyRow(int first, int step) {
        Objects.checkIndex(first, step);
        if (rows % step != 0) throw new IndexOutOfBoundsException("every " + step + "th row of " + rows);
        return new Matrix(segment, offset + first * stride * Float.BYTES, rows / step, columns, step * stride);
    }

    /** A copy of the elements on the heap, row after row. */
    public float[] toArray() {
        float[] values = new float[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(
                    segment, ValueLayout.JAVA_FLOAT_UNALIGNED, rowOffset(row), values, row * columns, columns);
        }
        return values;
    }

    /** Byte offset of a row's first element. */
    public long rowOffset(int row) {
        return offset + row * stride * Float.BYTES;
    }

    /** The shape, as in {@code 325 × 768}. */
    @Override
    public String toString() {
        return rows + " × " + columns;
    }
}
