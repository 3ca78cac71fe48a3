package io.bridgetower.model.batch;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.bridgetower.engine.runtime.Matrix;
import java.lang.foreign.MemorySegment;

/** Rows of 16-bit floats, one after the other without gaps. Loops run over small arrays, which the JIT vectorises best. */
final class HalfPrecision {
    /** The largest finite number that 16 bits hold. */
    private static final float LARGEST = 65504;

    private HalfPrecision() {}

    /** Narrows the rows of {@code from}; a finite number that is too large becomes the largest. */
    static void narrow(Matrix from, MemorySegment to, long offset) {
        int columns = from.columns();
        float[] floats = new float[columns];
        short[] halves = new short[columns];
        for (int row = 0; row < from.rows(); row++) {
            MemorySegment.copy(from.segment(), JAVA_FLOAT_UNALIGNED, from.rowOffset(row), floats, 0, columns);
            for (int i = 0; i < columns; i++) {
                float value = floats[i], finite = Math.max(-LARGEST, Math.min(LARGEST, value));
                halves[i] = Float.floatToFloat16(Float.isInfinite(value) ? value : finite);
            }
            long at = offset + (long) row * columns * Short.BYTES;
            MemorySegment.copy(halves, 0, to, JAVA_SHORT_UNALIGNED, at, columns);
        }
    }

    /** Widens as many rows as {@code to} has. */
    static void widen(MemorySegment from, long offset, Matrix to) {
        int columns = to.columns();
        float[] floats = new float[columns];
        short[] halves = new short[columns];
        for (int row = 0; row < to.rows(); row++) {
            long at = offset + (long) row * columns * Short.BYTES;
            MemorySegment.copy(from, JAVA_SHORT_UNALIGNED, at, halves, 0, columns);
            for (int i = 0; i < columns; i++) floats[i] = Float.float16ToFloat(halves[i]);
            MemorySegment.copy(floats, 0, to.segment(), JAVA_FLOAT_UNALIGNED, to.rowOffset(row), columns);
        }
    }
}
