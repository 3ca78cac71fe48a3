package io.bridgetower.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that every kernel uses, chosen once when the class is loaded: the widest that the host prefers, or as wide
 * as the system property {@value #PROPERTY} says (128, 256 or 512).
 *
 * <p>Loading this class throws nothing, since a class whose initializer fails is lost. Where the module of vectors is
 * missing or the property has another value, {@code io.bridgetower.engine.VectorModule} says so.
 */
public final class Lanes {
    /** Names the system property that forces the width, in bits. */
    public static final String PROPERTY = "bridgetower.vectorBits";

    /** Whether the JDK's module {@code jdk.incubator.vector} is there. */
    public static final boolean MODULE_PRESENT = isModulePresent();

    /** The value of the property when this class was loaded; null if it was not set. */
    public static final String FORCED = System.getProperty(PROPERTY);

    private static final VectorSpecies<Float> PREFERRED = MODULE_PRESENT ? FloatVector.SPECIES_PREFERRED : null;

    private static final VectorSpecies<Float> FORCED_SPECIES = MODULE_PRESENT ? forcedSpecies() : null;

    /** A vector of floats; null where the module is missing. */
    public static final VectorSpecies<Float> F32 = FORCED_SPECIES != null ? FORCED_SPECIES : PREFERRED;

    /** Floats in a vector. */
    public static final int COUNT = F32 == null ? 0 : F32.length();

    /** Bytes in a vector. */
    public static final int BYTES = COUNT * Float.BYTES;

    /**
     * Vector registers that a kernel may count on: AVX-512 (at any width) and NEON have 32, AVX2 and SSE have 16. A host
     * whose preferred width is below 512 may still have 32; that only costs it a smaller tile.
     */
    public static final int REGISTERS =
            System.getProperty("os.arch").equals("aarch64") || PREFERRED != null && PREFERRED.vectorBitSize() == 512
                    ? 32
                    : 16;

    /** Vectors across a panel of the right-hand side of a product, in every layout. */
    public static final int PANEL_VECTORS = REGISTERS == 32 ? 4 : 2;

    private Lanes() {}

    /** Whether the property is not set, or set to a width. */
    public static boolean isWidthValid() {
        return FORCED == null || FORCED_SPECIES != null;
    }

    private static VectorSpecies<Float> forcedSpecies() {
        return switch (FORCED) {
            case "128" -> FloatVector.SPECIES_128;
            case "256" -> FloatVector.SPECIES_256;
            case "512" -> FloatVector.SPECIES_512;
            case null, default -> null;
        };
    }

    private static boolean isModulePresent() {
        try {
            Class.forName("jdk.incubator.vector.FloatVector", false, Lanes.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
