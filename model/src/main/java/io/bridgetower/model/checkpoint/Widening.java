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

    /** Elements per block: loops over an int are compiled better than loops over a long. */
    private static final int BLOCK = 1 << 20;

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
     * Converts every element of {@code source} to a float in native byte order.
     *
     * @param dtype a type for which {@link DType#isWeight} holds
     * @param source bytes of a file, of any alignment
     * @param target exactly four bytes per element
     */
    static void widen(DType dtype, MemorySegment source, MemorySegment target) {
        long elements = target.byteSize() / Float.BYTES;
        int width = dtype.bits() / Byte.SIZE;
        for (long first = 0; first < elements; first += BLOCK) {
            int count = (int) Math.min(BLOCK, elements - first);
            MemorySegment from = source.asSlice(first * width, (long) count * width);
            widenBlock(dtype, from, target.asSlice(first * Float.BYTES, (long) count * Float.BYTES), count);
        }
    }

    private static void widenBlock(DType dtype, MemorySegment from, MemorySegment to, int count) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(from, F32, 0, to, NATIVE, 0, count);
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    to.setAtIndex(NATIVE, i, Float.intBitsToFloat(from.getAtIndex(I16, i) << Short.SIZE));
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    to.setAtIndex(NATIVE, i, Float.float16ToFloat(from.getAtIndex(I16, i)));
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) to.setAtIndex(NATIVE, i, (float) from.getAtIndex(F64, i));
            }
            case F8_E4M3 -> {
                for (int i = 0; i < count; i++) to.setAtIndex(NATIVE, i, E4M3[from.getAtIndex(I8, i) & 0xFF]);
            }
            case F8_E5M2 -> {
                for (int i = 0; i < count; i++) to.setAtIndex(NATIVE, i, E5M2[from.getAtIndex(I8, i) & 0xFF]);
            }
            default -> throw new IllegalArgumentException(dtype + " is not a type of weights");
        }
    }

    private static float e4m3(int bits) {
        int exponent = bits >> 3 & 0xF;
        int mantissa = bits & 7;
        float sign = bits < 128 ? 1 : -1;
        if (exponent == 15 && mantissa == 7) return Float.NaN;
        return sign * (exponent == 0 ? Math.scalb(mantissa, -9) : Math.scalb(8f + mantissa, exponent - 10));
    }
}
