package io.bridgetower.engine.kernel;

import static io.bridgetower.engine.vector.Lanes.F32;
import static io.bridgetower.engine.vector.Vectors.ORDER;
import static io.bridgetower.engine.vector.Vectors.offHeap;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.vector.Lanes;
import io.bridgetower.engine.vector.Vectors;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Copies, sums and scalings of rows. */
public final class Rows {
    private Rows() {}

    /**
     * {@code y[toRow] = x[fromRow]}; both have the same number of columns.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public static void copy(Matrix x, int fromRow, Matrix y, int toRow) {
        check(x, fromRow, y, toRow);
        MemorySegment.copy(
                x.segment(), x.rowOffset(fromRow), y.segment(), y.rowOffset(toRow), (long) x.columns() * Float.BYTES);
    }

    /**
     * {@code y[toRow] += x[fromRow]}; both have the same number of columns.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public static void add(Matrix x, int fromRow, Matrix y, int toRow) {
        check(x, fromRow, y, toRow);
        add(x.segment(), x.rowOffset(fromRow), y.segment(), y.rowOffset(toRow), x.columns());
    }

    /**
     * Divides a row by its Euclidean length, or by 1e-12 if it is shorter, as PyTorch's {@code normalize}.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public static void normalize(Matrix x, int row) {
        Objects.checkIndex(row, x.rows());
        MemorySegment segment = offHeap(x.segment());
        long offset = x.rowOffset(row);
        int count = x.columns(), whole = Vectors.whole(count);
        FloatVector squares = FloatVector.zero(F32);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector value = fromMemorySegment(F32, segment, offset + (long) i * Float.BYTES, ORDER);
            squares = value.fma(value, squares);
        }
        if (whole < count) {
            long at = offset + (long) whole * Float.BYTES;
            FloatVector value = Vectors.load(segment, at, Vectors.tail(count));
            squares = value.fma(value, squares);
        }
        float scale = (float) (1 / Math.max(Math.sqrt(Vectors.sum(squares)), 1e-12));
        scale(scale, segment, offset, count);
    }

    private static void scale(float factor, MemorySegment x, long offset, int count) {
        x = offHeap(x);
        int whole = Vectors.whole(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = offset + (long) i * Float.BYTES;
            fromMemorySegment(F32, x, at, ORDER).mul(factor).intoMemorySegment(x, at, ORDER);
        }
        if (whole < count) {
            long at = offset + (long) whole * Float.BYTES;
            VectorMask<Float> tail = Vectors.tail(count);
            Vectors.store(Vectors.load(x, at, tail).mul(factor), x, at, tail);
        }
    }

    /** Adds {@code count} floats of {@code x} to those of {@code y}. */
    static void add(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int count) {
        x = offHeap(x);
        y = offHeap(y);
        int whole = Vectors.whole(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            fromMemorySegment(F32, y, yOffset + at, ORDER)
                    .add(fromMemorySegment(F32, x, xOffset + at, ORDER))
                    .intoMemorySegment(y, yOffset + at, ORDER);
        }
        if (whole < count) {
            long at = (long) whole * Float.BYTES;
            VectorMask<Float> tail = Vectors.tail(count);
            FloatVector sum = Vectors.load(y, yOffset + at, tail).add(Vectors.load(x, xOffset + at, tail));
            Vectors.store(sum, y, yOffset + at, tail);
        }
    }

    /** Writes {@code factor} times {@code count} floats of {@code x} to {@code y}. */
    public static void scale(float factor, float[] x, int xAt, MemorySegment y, long yOffset, int count) {
        y = offHeap(y);
        int whole = Vectors.whole(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            fromArray(F32, x, xAt + i).mul(factor).intoMemorySegment(y, yOffset + (long) i * Float.BYTES, ORDER);
        }
        if (whole < count) {
            VectorMask<Float> tail = Vectors.tail(count);
            FloatVector value = fromArray(F32, x, xAt + whole, tail).mul(factor);
            Vectors.store(value, y, yOffset + (long) whole * Float.BYTES, tail);
        }
    }

    private static void check(Matrix x, int fromRow, Matrix y, int toRow) {
        Objects.checkIndex(fromRow, x.rows());
        Objects.checkIndex(toRow, y.rows());
        if (x.columns() != y.columns()) {
            throw new IllegalArgumentException("rows of different lengths: " + x + " and " + y);
        }
    }
}
