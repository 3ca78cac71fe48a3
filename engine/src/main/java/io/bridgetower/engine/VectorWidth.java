package io.bridgetower.engine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width that every kernel uses, chosen once when the class is loaded: the widest that the host prefers, or
 * what the system property {@value #PROPERTY} says (128, 256 or 512).
 */
public final class VectorWidth {
    /** Names the system property that forces the width, in bits. */
    public static final String PROPERTY = "bridgetower.vectorBits";

    static final VectorSpecies<Float> F32 = species();

    /** Floats in a vector. */
    static final int LANES = F32.length();

    /** Bytes in a vector. */
    static final int BYTES = F32.vectorByteSize();

    /**
     * Vector registers that a kernel may count on: AVX-512 (at any width) and NEON have 32, AVX2 and SSE have 16. A host
     * whose preferred width is below 512 may still have 32; that only costs it a smaller tile.
     */
    static final int REGISTERS = FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512
                    || System.getProperty("os.arch").equals("aarch64")
            ? 32
            : 16;

    private VectorWidth() {}

    /** The width in bits. */
    public static int bits() {
        return F32.vectorBitSize();
    }

    private static VectorSpecies<Float> species() {
        String forced = System.getProperty(PROPERTY);
        if (forced == null) return FloatVector.SPECIES_PREFERRED;
        return switch (forced) {
            case "128" -> FloatVector.SPECIES_128;
            case "256" -> FloatVector.SPECIES_256;
            case "512" -> FloatVector.SPECIES_512;
            default ->
                throw new IllegalArgumentException(
                        "system property " + PROPERTY + ": expected 128, 256 or 512, found " + forced);
        };
    }
}
