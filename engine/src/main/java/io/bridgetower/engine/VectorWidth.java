package io.bridgetower.engine;

import io.bridgetower.engine.vector.Lanes;

/**
 * The vector width that every kernel uses: the widest that the host prefers, or what the system property {@value
 * #PROPERTY} said (128, 256 or 512) when the engine was loaded. With another value, {@link VectorModule#require} fails.
 */
public final class VectorWidth {
    /** Names the system property that forces the width, in bits. */
    public static final String PROPERTY = Lanes.PROPERTY;

    private VectorWidth() {}

    /** The width in bits; throws as {@link VectorModule#require}. */
    public static int bits() {
        VectorModule.require();
        return Lanes.F32.vectorBitSize();
    }
}
