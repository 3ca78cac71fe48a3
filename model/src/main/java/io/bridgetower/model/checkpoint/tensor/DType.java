package io.bridgetower.model.checkpoint.tensor;

/** The element types of the safetensors format. */
public enum DType {
    /** 64-bit IEEE float. */
    F64(64),
    /** 32-bit IEEE float. */
    F32(32),
    /** 16-bit IEEE float. */
    F16(16),
    /** The upper 16 bits of an {@link #F32}. */
    BF16(16),
    /** 4 exponent and 3 mantissa bits, no infinities (OCP E4M3, torch's float8_e4m3fn). */
    F8_E4M3(8),
    /** 5 exponent and 2 mantissa bits (OCP E5M2, torch's float8_e5m2). */
    F8_E5M2(8),
    /** A power of two (OCP E8M0). */
    F8_E8M0(8),
    /** As {@link #F8_E4M3} with one zero, one NaN and another bias. */
    F8_E4M3FNUZ(8),
    /** As {@link #F8_E5M2} with one zero, one NaN and another bias. */
    F8_E5M2FNUZ(8),
    /** 6-bit float, packed. */
    F6_E2M3(6),
    /** 6-bit float, packed. */
    F6_E3M2(6),
    /** 4-bit float, packed. */
    F4(4),
    /** Two 32-bit floats. */
    C64(64),
    /** 64-bit signed integer. */
    I64(64),
    /** 32-bit signed integer. */
    I32(32),
    /** 16-bit signed integer. */
    I16(16),
    /** 8-bit signed integer. */
    I8(8),
    /** 64-bit unsigned integer. */
    U64(64),
    /** 32-bit unsigned integer. */
    U32(32),
    /** 16-bit unsigned integer. */
    U16(16),
    /** 8-bit unsigned integer. */
    U8(8),
    /** One byte, 0 or 1. */
    BOOL(8);

    private final int bits;

    DType(int bits) {
        this.bits = bits;
    }

    /** Size of an element in bits: whole bytes but for the packed types. */
    public int bits() {
        return bits;
    }

    /** Whether {@link Weight} can turn elements of this type into 32-bit floats. */
    public boolean isWeight() {
        return switch (this) {
            case F64, F32, F16, BF16, F8_E4M3, F8_E5M2, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ -> true;
            default -> false;
        };
    }

    /**
     * Size in bytes of that many elements.
     *
     * @throws ArithmeticException if the size passes 2<sup>63</sup> or is not a whole number of bytes
     */
    public long bytes(long elements) {
        if (bits % Byte.SIZE == 0) return Math.multiplyExact(elements, bits / Byte.SIZE);
        long total = Math.multiplyExact(elements, bits);
        if (total % Byte.SIZE != 0) throw new ArithmeticException("not a whole number of bytes");
        return total / Byte.SIZE;
    }
}
