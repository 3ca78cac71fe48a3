package io.bridgetower.model.checkpoint.tensor;

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
    private static final float[] E8M0 = new float[256];
    private static final float[] E4M3FNUZ = new float[256];
    private static final float[] E5M2FNUZ = new float[256];

    static {
        for (int bits = 0; bits < 256; bits++) {
            E4M3[bits] = (bits & 0x7F) == 0x7F ? Float.NaN : small(bits, 3, 7);
            // E5M2 is the upper half of an F16.
            E5M2[bits] = Float.float16ToFloat((short) (bits << 8));
            E8M0[bits] = bits == 0xFF ? Float.NaN : Math.scalb(1f, bits - 127);
            E4M3FNUZ[bits] = bits == 0x80 ? Float.NaN : small(bits, 3, 8);
            E5M2FNUZ[bits] = bits == 0x80 ? Float.NaN : small(bits, 2, 16);
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
            case F8_E8M0 -> bytes(source, E8M0);
            case F8_E4M3FNUZ -> bytes(source, E4M3FNUZ);
            case F8_E5M2FNUZ -> bytes(source, E5M2FNUZ);
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

    /** A float of a sign bit, some exponent bits and some mantissa bits, without infinities. */
    private static float small(int bits, int mantissaBits, int bias) {
        int exponent = (bits & 0x7F) >> mantissaBits;
        int mantissa = bits & (1 << mantissaBits) - 1;
        float sign = bits < 128 ? 1 : -1;
        if (exponent == 0) return sign * Math.scalb((float) mantissa, 1 - bias - mantissaBits);
        return sign * Math.scalb((float) ((1 << mantissaBits) + mantissa), exponent - bias - mantissaBits);
    }
}
