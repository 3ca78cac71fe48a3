package io.bridgetower.model.checkpoint.tensor;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.bridgetower.files.AtomicFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Writes the elements of a file as another type of floats, a block at a time. Rounds to the nearest, ties to even; a
 * finite number that the narrower type cannot hold is refused, not turned into an infinity.
 */
public final class Narrowing {
    private static final int BLOCK = 1 << 14;
    private static final int BF16_BITS = 16;

    private final DType to;
    private final float[] floats = new float[BLOCK];
    private final ByteBuffer bytes = ByteBuffer.allocate(BLOCK * Float.BYTES).order(LITTLE_ENDIAN);

    /** @param to {@link DType#F32}, {@link DType#F16} or {@link DType#BF16} */
    public Narrowing(DType to) {
        this.to = to;
    }

    /**
     * Converts and writes all elements.
     *
     * @param from a type for which {@link DType#isWeight} holds
     * @throws ArithmeticException if a number does not fit
     */
    public void write(DType from, MemorySegment source, AtomicFile file) throws IOException {
        int width = from.bits() / Byte.SIZE;
        long elements = source.byteSize() / width;
        for (long first = 0; first < elements; first += BLOCK) {
            int count = (int) Math.min(BLOCK, elements - first);
            MemorySegment target = MemorySegment.ofArray(floats).asSlice(0, (long) count * Float.BYTES);
            Widening.widen(from, source.asSlice(first * width, (long) count * width), target);
            bytes.clear();
            for (int i = 0; i < count; i++) put(floats[i]);
            file.write(bytes.flip());
        }
    }

    private void put(float value) {
        switch (to) {
            case F32 -> bytes.putFloat(value);
            case F16 -> {
                short half = Float.floatToFloat16(value);
                check(value, Float.float16ToFloat(half));
                bytes.putShort(half);
            }
            case BF16 -> {
                short half = toBf16(value);
                check(value, Float.intBitsToFloat(half << BF16_BITS));
                bytes.putShort(half);
            }
            default -> throw new IllegalStateException("cannot write " + to);
        }
    }

    private void check(float value, float narrow) {
        if (Float.isFinite(value) && Float.isInfinite(narrow)) {
            throw new ArithmeticException(value + " does not fit " + to);
        }
    }

    /** The upper half of a float, rounded; a NaN stays one. */
    static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) return (short) (bits >>> BF16_BITS | 0x40);
        return (short) (bits + 0x7FFF + (bits >>> BF16_BITS & 1) >>> BF16_BITS);
    }
}
