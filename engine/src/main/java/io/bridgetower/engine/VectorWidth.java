package io.bridgetower.engine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width that every kernel uses, chosen once when the class is loaded: the widest that the host prefers, or
 * what the system property {@value #PROPERTY} says (128, 256 or 512). With another value, {@link VectorModule#require} fails.
 */
public final class VectorWidth {
    /** Names the system property that forces the width, in bits. */
    public static final String PROPERTY = "bridgetower.vectorBits";

    private static final String FORCED = System.getProperty(PROPERTY);

    private static final VectorSpecies<Float> PREFERRED =
            VectorModule.isPresent() ? FloatVector.SPECIES_PREFERRED : null;

    private static final VectorSpecies<Float> FORCED_SPECIES = VectorModule.isPresent() ? forcedSpecies() : null;

    /** Null where the module of vectors is missing, which {@link #check} reports. */
    static final VectorSpecies<Float> F32 = FORCED_SPECIES != null ? FORCED_SPECIES : PREFERRED;

    /** Floats in a vector. */
    static final int LANES = F32 == null ? 0 : F32.length();

    /** Bytes in a vector. */
    static final int BYTES = LANES * Float.BYTES;

    /**
     * Vector registers that a kernel may count on: AVX-512 (at any width) and NEON have 32, AVX2 and SSE have 16. A host
     * whose preferred width is below 512 may still have 32; that only costs it a smaller tile.
     */
    static final int REGISTERS =
            System.getProperty("os.arch").equals("aarch64") || PREFERRED != null && PREFERRED.vectorBitSize() == 512
                    ? 32
                    : 16;

    private VectorWidth() {}

    /** The width in bits; throws as {@link VectorModule#require}. */
    public static int bits() {
        VectorModule.require();
        return F32.vectorBitSize();
    }

    /**
     * Checks the system property as it was when this class was loaded.
     *
     * @throws IllegalArgumentException if the property's value is not a width
     */
    static void check() {
        if (FORCED_SPECIES == null && FORCED != null) {
            throw new IllegalArgumentException(
                    "system property " + PROPERTY + ": expected 128, 256 or 512, found " + FORCED);
        }
    }

    /** Null if the property is not set, or not to a width. Throws nothing: a class whose initialiser does is lost. */
    private static VectorSpecies<Float> forcedSpecies() {
        return switch (FORCED) {
            case "128" -> FloatVector.SPECIES_128;
            case "256" -> FloatVector.SPECIES_256;
            case "512" -> FloatVector.SPECIES_512;
            case null, default -> null;
        };
    }
}
