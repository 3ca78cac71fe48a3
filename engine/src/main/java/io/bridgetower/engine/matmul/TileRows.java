package io.bridgetower.engine.matmul;

import static io.bridgetower.engine.vector.Lanes.F32;
import static io.bridgetower.engine.vector.Vectors.ORDER;
import static io.bridgetower.engine.vector.Vectors.offHeap;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The way of a computed tile from scratch memory, where its rows lie {@link TileShape#PANEL} floats apart, into a matrix,
 * and of attention's queries from one.
 *
 * <p>Each step goes over the whole tile, which is in the first-level cache: taking the steps row by row instead, 2 vectors
 * at a time, cost an eighth of a forward.
 */
public final class TileRows {
    private TileRows() {}

    /** Writes the tile to the window of {@code y} that starts at a row and a column, {@code columns} wide. */
    static void store(float[] tile, int at, int rows, Matrix y, int row, int column, int columns) {
        long to = y.rowOffset(row) + (long) column * Float.BYTES, step = y.stride() * Float.BYTES;
        if (columns == TileShape.PANEL) storeWhole(tile, at, rows, y.segment(), to, step);
        else storePart(tile, at, rows, y.segment(), to, step, columns);
    }

    /**
     * Writes the sum of the tile and a window of {@code x} to the same window of {@code y}, which may be x.
     */
    static void storeSum(float[] tile, int at, int rows, Matrix x, Matrix y, int row, int column, int columns) {
        if (columns == TileShape.PANEL) {
            long from = x.rowOffset(row) + (long) column * Float.BYTES, xStep = x.stride() * Float.BYTES;
            long to = y.rowOffset(row) + (long) column * Float.BYTES, yStep = y.stride() * Float.BYTES;
            storeWholeSum(tile, at, rows, x.segment(), from, xStep, y.segment(), to, yStep);
        } else {
            add(x, row, column, columns, tile, at, rows);
            store(tile, at, rows, y, row, column, columns);
        }
    }

    /**
     * As {@link #store}, each row divided by its own number; these lie in the same array from {@code divisor} on, {@link
     * TileShape#PITCH} floats apart.
     */
    public static void storeQuotients(
            float[] scratch, int at, int divisor, int rows, Matrix y, int row, int column, int columns) {
        if (columns == TileShape.PANEL) {
            long to = y.rowOffset(row) + (long) column * Float.BYTES, step = y.stride() * Float.BYTES;
            storeWholeQuotients(scratch, at, divisor, rows, y.segment(), to, step);
        } else {
            for (int r = 0; r < rows; r++) {
                float factor = 1 / scratch[divisor + r * TileShape.PITCH];
                for (int v = 0; v < TileShape.PANEL; v += Lanes.COUNT) {
                    int i = at + r * TileShape.PANEL + v;
                    fromArray(F32, scratch, i).mul(factor).intoArray(scratch, i);
                }
            }
            store(scratch, at, rows, y, row, column, columns);
        }
    }

    /** Copies the tile to rows that are {@link TileShape#PITCH} floats apart. */
    static void copy(float[] tile, int at, int rows, float[] to, int toAt) {
        for (int r = 0; r < rows; r++, at += TileShape.PANEL, toAt += TileShape.PITCH) {
            for (int v = 0; v < TileShape.PANEL; v += Lanes.COUNT) {
                fromArray(F32, tile, at + v).intoArray(to, toAt + v);
            }
        }
    }

    /** Copies {@code factor} times a window of {@code x} to a tile whose rows are {@link TileShape#PITCH} floats apart. */
    public static void pack(float factor, Matrix x, int row, int rows, int column, int columns, float[] tile, int at) {
        long from = x.rowOffset(row) + (long) column * Float.BYTES, step = x.stride() * Float.BYTES;
        if (columns == TileShape.PANEL) packWhole(factor, x.segment(), from, step, rows, tile, at);
        else packPart(factor, x.segment(), from, step, rows, columns, tile, at);
    }

    private static void packWhole(float factor, MemorySegment x, long from, long step, int rows, float[] tile, int at) {
        x = offHeap(x);
        for (int r = 0; r < rows; r++, from += step, at += TileShape.PITCH) {
            for (int v = 0; v < TileShape.PANEL; v += Lanes.COUNT) {
                fromMemorySegment(F32, x, from + (long) v * Float.BYTES, ORDER)
                        .mul(factor)
                        .intoArray(tile, at + v);
            }
        }
    }

    private static void packPart(
            float factor, MemorySegment x, long from, long step, int rows, int columns, float[] tile, int at) {
        x = offHeap(x);
        for (int v = 0; v < columns; v += Lanes.COUNT) {
            VectorMask<Float> mask = F32.indexInRange(v, columns);
            for (int r = 0; r < rows; r++) {
                FloatVector value = fromMemorySegment(F32, x, from + r * step + (long) v * Float.BYTES, ORDER, mask);
                value.mul(factor).intoArray(tile, at + r * TileShape.PITCH + v);
            }
        }
    }

    private static void storeWhole(float[] tile, int at, int rows, MemorySegment y, long to, long step) {
        y = offHeap(y);
        for (int r = 0; r < rows; r++, to += step, at += TileShape.PANEL) {
            for (int v = 0; v < TileShape.PANEL; v += Lanes.COUNT) {
                fromArray(F32, tile, at + v).intoMemorySegment(y, to + (long) v * Float.BYTES, ORDER);
            }
        }
    }

    private static void storeWholeQuotients(
            float[] scratch, int at, int divisor, int rows, MemorySegment y, long to, long step) {
        y = offHeap(y);
        for (int r = 0; r < rows; r++, to += step, at += TileShape.PANEL, divisor += TileShape.PITCH) {
            float factor = 1 / scratch[divisor];
            for (int v = 0; v < TileShape.PANEL; v += Lanes.COUNT) {
                fromArray(F32, scratch, at + v).mul(factor).intoMemorySegment(y, to + (long) v * Float.BYTES, ORDER);
            }
        }
    }

    private static void storeWholeSum(
            float[] tile,
            int at,
            int rows,
            MemorySegment x,
            long from,
            long xStep,
            MemorySegment y,
            long to,
            long yStep) {
        x = offHeap(x);
        y = offHeap(y);
        for (int r = 0; r < rows; r++, from += xStep, to += yStep, at += TileShape.PANEL) {
            for (int v = 0; v < TileShape.PANEL; v += Lanes.COUNT) {
                FloatVector addend = fromMemorySegment(F32, x, from + (long) v * Float.BYTES, ORDER);
                fromArray(F32, tile, at + v).add(addend).intoMemorySegment(y, to + (long) v * Float.BYTES, ORDER);
            }
        }
    }

    private static void add(Matrix x, int row, int column, int columns, float[] tile, int at, int rows) {
        MemorySegment segment = offHeap(x.segment());
        for (int v = 0; v < columns; v += Lanes.COUNT) {
            VectorMask<Float> mask = F32.indexInRange(v, columns);
            for (int r = 0; r < rows; r++) {
                int i = at + r * TileShape.PANEL + v;
                long from = x.rowOffset(row + r) + (long) (column + v) * Float.BYTES;
                fromArray(F32, tile, i)
                        .add(fromMemorySegment(F32, segment, from, ORDER, mask))
                        .intoArray(tile, i);
            }
        }
    }

    private static void storePart(float[] tile, int at, int rows, MemorySegment y, long to, long step, int columns) {
        y = offHeap(y);
        for (int v = 0; v < columns; v += Lanes.COUNT) {
            VectorMask<Float> mask = F32.indexInRange(v, columns);
            for (int r = 0; r < rows; r++) {
                FloatVector value = fromArray(F32, tile, at + r * TileShape.PANEL + v);
                value.intoMemorySegment(y, to + r * step + (long) v * Float.BYTES, ORDER, mask);
            }
        }
    }
}
