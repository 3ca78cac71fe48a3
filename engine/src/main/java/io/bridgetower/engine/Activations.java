package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Applies an {@link Activation} to floats in place.
 *
 * <p>Every function has a loop and a method of its own: where a vector comes out of one of several branches, or passes
 * to a method that is not inlined, the compiler makes an object of it, which took a tenth of a forward's time.
 */
final class Activations {
    private Activations() {}

    /** Replaces {@code count} floats from byte {@code offset} on. */
    static void apply(Activation activation, MemorySegment y, long offset, int count) {
        int whole = Vectors.whole(count);
        long end = offset + (long) whole * Float.BYTES;
        switch (activation) {
            case NONE -> {}
            case RELU -> relu(y, offset, end);
            case GELU -> gelu(y, offset, end);
            case GELU_NEW -> geluTanh(y, offset, end);
            case SILU -> silu(y, offset, end);
            case QUICK_GELU -> quickGelu(y, offset, end);
            case TANH -> tanh(y, offset, end);
        }
        if (whole < count) {
            VectorMask<Float> tail = Vectors.tail(count);
            Vectors.store(value(activation, Vectors.load(y, end, tail)), y, end, tail);
        }
    }

    private static void relu(MemorySegment y, long from, long to) {
        for (long at = from; at < to; at += VectorWidth.BYTES) {
            VectorMath.relu(FloatVector.fromMemorySegment(VectorWidth.F32, y, at, Vectors.ORDER))
                    .intoMemorySegment(y, at, Vectors.ORDER);
        }
    }

    private static void gelu(MemorySegment y, long from, long to) {
        for (long at = from; at < to; at += VectorWidth.BYTES) {
            VectorMath.gelu(FloatVector.fromMemorySegment(VectorWidth.F32, y, at, Vectors.ORDER))
                    .intoMemorySegment(y, at, Vectors.ORDER);
        }
    }

    private static void geluTanh(MemorySegment y, long from, long to) {
        for (long at = from; at < to; at += VectorWidth.BYTES) {
            VectorMath.geluTanh(FloatVector.fromMemorySegment(VectorWidth.F32, y, at, Vectors.ORDER))
                    .intoMemorySegment(y, at, Vectors.ORDER);
        }
    }

    private static void silu(MemorySegment y, long from, long to) {
        for (long at = from; at < to; at += VectorWidth.BYTES) {
            VectorMath.silu(FloatVector.fromMemorySegment(VectorWidth.F32, y, at, Vectors.ORDER))
                    .intoMemorySegment(y, at, Vectors.ORDER);
        }
    }

    private static void quickGelu(MemorySegment y, long from, long to) {
        for (long at = from; at < to; at += VectorWidth.BYTES) {
            VectorMath.quickGelu(FloatVector.fromMemorySegment(VectorWidth.F32, y, at, Vectors.ORDER))
                    .intoMemorySegment(y, at, Vectors.ORDER);
        }
    }

    private static void tanh(MemorySegment y, long from, long to) {
        for (long at = from; at < to; at += VectorWidth.BYTES) {
            VectorMath.tanh(FloatVector.fromMemorySegment(VectorWidth.F32, y, at, Vectors.ORDER))
                    .intoMemorySegment(y, at, Vectors.ORDER);
        }
    }

    /** One vector. */
    static FloatVector value(Activation activation, FloatVector x) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> VectorMath.relu(x);
            case GELU -> VectorMath.gelu(x);
            case GELU_NEW -> VectorMath.geluTanh(x);
            case SILU -> VectorMath.silu(x);
            case QUICK_GELU -> VectorMath.quickGelu(x);
            case TANH -> VectorMath.tanh(x);
        };
    }
}
