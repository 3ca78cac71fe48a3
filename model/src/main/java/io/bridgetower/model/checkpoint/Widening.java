package io.bridgetower.model.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns the elements of a file into 32-bit floats. */
final class Widening {
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfFloat NATIVE = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Elements per block: few enough to stay in the first cache on their way through arrays. */
    private static final int BLOCK = 1 << 12;

    private static final float[] E4M3 = new float[256];
    private static final float[] E5M2 = new float[256];

    static {
        for (int bits = 0; bits < 256; bits++) {
            E4M3[bits] = e4m3(bits);
            // E5M2 is the upper half of an F16.
            E5M2[bits] = Float.float16ToFloat((short) (bits << 8));
        }
    }

    private Widening() {}

    /**
     * Converts every element of {@code source} to a float in native byte order. Goes through small arrays: loops over
     * those are fast long before the JIT has seen enough of a loop over segments, and most files are read just once.
     *
     * @param dtype a type for which {@link DType#isWeight} holds
     * @param source bytes of a file, of any alignment
     * @param target exactly four bytes per element
     */
    static void widen(DType dtype, MemorySegment source, MemorySegment target) {
        long elements = target.byteSize() / Float.BYTES;
        if (dtype == DType.F32) {
            MemorySegment.copy(source, F32, 0, target, NATIVE, 0, elements);
            return;
        }
        float[] floats = new float[BLOCK];
        Block block = block(dtype, source);
        for (long first = 0; first < elements; first += BLOCK) {
            int count = (int) Math.min(BLOCK, elements - first);
            block.read(first, count, floats);
            MemorySegment.copy(floats, 0, target, NATIVE, first * Float.BYTES, count);
        }
    }

    /** Reads some of the elements of a segment. */
    private interface Block {
        void read(long first, int count, float[] to);
    }

    private static Block block(DType dtype, MemorySegment source) {
        return switch (dtype) {
            case BF16 -> halves(source, Widening::fromBf16);
            case F16 -> halves(source, Widening::fromF16);
            case F64 -> doubles(source);
            case F8_E4M3 -> bytes(source, E4M3);
            case F8_E5M2 -> bytes(source, E5M2);
            default -> throw new IllegalArgumentException(dtype + " is not a type of weights");
        };
    }

    private interface Halves {
        void widen(short[] from, float[] to, int count);
    }

    private static Block halves(MemorySegment source, Halves halves) {
        short[] from = new short[BLOCK];
        return (first, count, to) -> {
            MemorySegment.copy(source, I16, first * Short.BYTES, from, 0, count);
            halves.widen(from, to, count);
        };
    }

    private static void fromBf16(short[] from, float[] to, int count) {
        for (int i = 0; i < count; i++) to[i] = Float.intBitsToFloat(from[i] << Short.SIZE);
    }

    private static void fromF16(short[] from, float[] to, int count) {
        for (int i = 0; i < count; i++) to[i] = Float.float16ToFloat(from[i]);
    }

    private static Block doubles(MemorySegment source) {
        double[] from = new double[BLOCK];
        return (first, count, to) -> {
            MemorySegment.copy(source, F64, first * Double.BYTES, from, 0, count);
            for (int i = 0; i < count; i++) to[i] = (float) from[i];
        };
    }

    private static Block bytes(MemorySegment source, float[] values) {
        byte[] from = new byte[BLOCK];
        return (first, count, to) -> {
            MemorySegment.copy(source, I8, first, from, 0, count);
            for (int i = 0; i < count; i++) to[i] = values[from[i] & 0xFF];
        };
    }

    private static float e4m3(int bits) {
        int exponent = bits >> 3 & 0xF;
        int mantissa = bits & 7;
        float sign = bits < 128 ? 1 : -1;
        if (exponent == 15 && mantissa == 7) return Float.NaN;
        return sign * (exponent == 0 ? Math.scalb(mantissa, -9) : Math.scalb(8f + mantissa, exponent - 10));
    }
}
