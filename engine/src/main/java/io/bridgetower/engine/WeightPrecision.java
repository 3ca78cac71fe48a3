package io.bridgetower.engine;

/**
 * How the weights of linear layers and embedding tables are held in memory. {@link ProductPrecision} says how exactly layers
 * multiply with them.
 */
public enum WeightPrecision {
    /** 32 bits, as most checkpoints have it. */
    F32(Float.BYTES),
    /** The upper 16 bits of a float, rounded to the nearest even: three significant digits, half the memory. */
    BF16(Short.BYTES);

    private final int bytes;

    WeightPrecision(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The nearest number of 16 bits, in the lower half of the result; infinite where the float is out of its range. */
    public static int toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) return bits >>> 16 | 0x40;
        return bits + 0x7FFF + (bits >>> 16 & 1) >>> 16;
    }
}
