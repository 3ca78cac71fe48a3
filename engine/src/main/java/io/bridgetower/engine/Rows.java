package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Copies, sums and scalings of rows. */
public final class Rows {
    private Rows() {}

    /** {@code y[toRow] = x[fromRow]}; both have the same number of columns. */
    public static void copy(Matrix x, int fromRow, Matrix y, int toRow) {
        checkColumns(x, y);
        MemorySegment.copy(
                x.segment(), x.rowOffset(fromRow), y.segment(), y.rowOffset(toRow), (long) x.columns() * Float.BYTES);
    }

    /** {@code y[toRow] += x[fromRow]}; both have the same number of columns. */
    public static void add(Matrix x, int fromRow, Matrix y, int toRow) {
        checkColumns(x, y);
        add(x.segment(), x.rowOffset(fromRow), y.segment(), y.rowOffset(toRow), x.columns());
    }

    /**
     * Divides a row by its Euclidean length, or by 1e-12 if it is shorter, as PyTorch's {@code normalize}.
     */
    public static void normalize(Matrix x, int row) {
        MemorySegment segment = x.segment();
        long offset = x.rowOffset(row);
        int count = x.columns(), whole = Vectors.whole(count);
        FloatVector squares = Vectors.zero();
        for (int i = 0; i < whole; i += VectorWidth.LANES) {
            FloatVector value = Vectors.load(segment, offset + (long) i * Float.BYTES);
            squares = value.fma(value, squares);
        }
        if (whole < count) {
            FloatVector value = Vectors.load(segment, offset + (long) whole * Float.BYTES, Vectors.tail(count));
            squares = value.fma(value, squares);
        }
        float scale = (float) (1 / Math.max(Math.sqrt(Vectors.sum(squares)), 1e-12));
        scale(scale, segment, offset, count);
    }

    private static void scale(float factor, MemorySegment x, long offset, int count) {
        int whole = Vectors.whole(count);
        for (int i = 0; i < whole; i += VectorWidth.LANES) {
            long at = offset + (long) i * Float.BYTES;
            Vectors.store(Vectors.load(x, at).mul(factor), x, at);
        }
        if (whole < count) {
            long at = offset + (long) whole * Float.BYTES;
            VectorMask<Float> tail = Vectors.tail(count);
            Vectors.store(Vectors.load(x, at, tail).mul(factor), x, at, tail);
        }
    }

    /** Adds {@code count} floats of {@code x} to those of {@code y}. */
    static void add(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int count) {
        int whole = Vectors.whole(count);
        for (int i = 0; i < whole; i += VectorWidth.LANES) {
            long at = (long) i * Float.BYTES;
            Vectors.store(Vectors.load(y, yOffset + at).add(Vectors.load(x, xOffset + at)), y, yOffset + at);
        }
        if (whole < count) {
            long at = (long) whole * Float.BYTES;
            VectorMask<Float> tail = Vectors.tail(count);
            Vectors.store(
                    Vectors.load(y, yOffset + at, tail).add(Vectors.load(x, xOffset + at, tail)),
                    y,
                    yOffset + at,
                    tail);
        }
    }

    /** Writes {@code factor} times {@code count} floats of {@code x} to {@code y}. */
    static void scale(float factor, float[] x, int xAt, MemorySegment y, long yOffset, int count) {
        int whole = Vectors.whole(count);
        for (int i = 0; i < whole; i += VectorWidth.LANES) {
            Vectors.store(Vectors.load(x, xAt + i).mul(factor), y, yOffset + (long) i * Float.BYTES);
        }
        if (whole < count) {
            VectorMask<Float> tail = Vectors.tail(count);
            Vectors.store(
                    Vectors.load(x, xAt + whole, tail).mul(factor), y, yOffset + (long) whole * Float.BYTES, tail);
        }
    }

    private static void checkColumns(Matrix x, Matrix y) {
        if (x.columns() != y.columns()) {
            throw new IllegalArgumentException("rows of different lengths: " + x + " and " + y);
        }
    }
}
