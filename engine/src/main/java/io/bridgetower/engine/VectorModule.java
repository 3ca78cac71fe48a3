package io.bridgetower.engine;

import io.bridgetower.engine.vector.Lanes;

/**
 * The JDK's module {@code jdk.incubator.vector}, which every kernel needs. Java resolves it by itself where this library
 * is on the module path; on the class path it has to be asked to.
 */
public final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /**
     * Checks that the module is there and {@value VectorWidth#PROPERTY}, if set, is a vector width. Classes that a program
     * meets first call this before they touch one that needs the module, whose loading would fail with a {@link
     * NoClassDefFoundError} that says nothing about the cause.
     *
     * @throws IllegalStateException if the module is missing; the message names the option that adds it
     * @throws IllegalArgumentException if the system property has another value than a width
     */
    public static void require() {
        if (!Lanes.MODULE_PRESENT) {
            throw new IllegalStateException(
                    "the module " + NAME + " is missing: start Java with --add-modules " + NAME);
        }
        if (!Lanes.isWidthValid()) {
            throw new IllegalArgumentException(
                    "system property " + Lanes.PROPERTY + ": expected 128, 256 or 512, found " + Lanes.FORCED);
        }
    }
}
