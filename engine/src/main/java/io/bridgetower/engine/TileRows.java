package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The way of a computed tile from scratch memory, where its rows lie {@link TileShape#PANEL} floats apart, into a matrix.
 *
 * <p>Each step goes over the whole tile, which is in the first-level cache: taking the steps row by row instead, 2 vectors
 * at a time, cost an eighth of a forward.
 */
final class TileRows {
    private TileRows() {}

    /** Adds a panel's bias to each of {@code rows} rows. */
    static void addBias(MemorySegment bias, long offset, float[] tile, int at, int rows) {
        for (int v = 0; v < TileShape.PANEL; v += VectorWidth.LANES) {
            FloatVector b = Vectors.load(bias, offset + (long) v * Float.BYTES);
            int end = at + v + rows * TileShape.PANEL;
            for (int i = at + v; i < end; i += TileShape.PANEL)
                Vectors.load(tile, i).add(b).intoArray(tile, i);
        }
    }

    /** Adds the window of {@code x} that starts at a row and a column, {@code columns} wide. */
    static void add(Matrix x, int row, int column, int columns, float[] tile, int at, int rows) {
        long from = x.rowOffset(row) + (long) column * Float.BYTES, step = x.stride() * Float.BYTES;
        if (columns == TileShape.PANEL) addWhole(x.segment(), from, step, tile, at, rows);
        else addPart(x.segment(), from, step, columns, tile, at, rows);
    }

    /** Writes the tile to the window of {@code y} that starts at a row and a column, {@code columns} wide. */
    static void store(float[] tile, int at, int rows, Matrix y, int row, int column, int columns) {
        long to = y.rowOffset(row) + (long) column * Float.BYTES, step = y.stride() * Float.BYTES;
        if (columns == TileShape.PANEL) storeWhole(tile, at, rows, y.segment(), to, step);
        else storePart(tile, at, rows, y.segment(), to, step, columns);
    }

    private static void addWhole(MemorySegment x, long from, long step, float[] tile, int at, int rows) {
        for (int r = 0; r < rows; r++, from += step, at += TileShape.PANEL) {
            for (int v = 0; v < TileShape.PANEL; v += VectorWidth.LANES) {
                Vectors.load(tile, at + v)
                        .add(Vectors.load(x, from + (long) v * Float.BYTES))
                        .intoArray(tile, at + v);
            }
        }
    }

    private static void storeWhole(float[] tile, int at, int rows, MemorySegment y, long to, long step) {
        for (int r = 0; r < rows; r++, to += step, at += TileShape.PANEL) {
            for (int v = 0; v < TileShape.PANEL; v += VectorWidth.LANES) {
                Vectors.store(Vectors.load(tile, at + v), y, to + (long) v * Float.BYTES);
            }
        }
    }

    private static void addPart(MemorySegment x, long from, long step, int columns, float[] tile, int at, int rows) {
        for (int v = 0; v < columns; v += VectorWidth.LANES) {
            VectorMask<Float> mask = VectorWidth.F32.indexInRange(v, columns);
            for (int r = 0; r < rows; r++) {
                int i = at + r * TileShape.PANEL + v;
                Vectors.load(tile, i)
                        .add(Vectors.load(x, from + r * step + (long) v * Float.BYTES, mask))
                        .intoArray(tile, i);
            }
        }
    }

    private static void storePart(float[] tile, int at, int rows, MemorySegment y, long to, long step, int columns) {
        for (int v = 0; v < columns; v += VectorWidth.LANES) {
            VectorMask<Float> mask = VectorWidth.F32.indexInRange(v, columns);
            for (int r = 0; r < rows; r++) {
                FloatVector value = Vectors.load(tile, at + r * TileShape.PANEL + v);
                Vectors.store(value, y, to + r * step + (long) v * Float.BYTES, mask);
            }
        }
    }
}
