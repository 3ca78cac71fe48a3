package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Loads and stores of vectors, at byte offsets of segments and indices of arrays, whole or only their first lanes. */
final class Vectors {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** For every power of two below the number of lanes, the rotation that brings lane i + 2ᵖ to lane i. */
    private static final VectorShuffle<Float>[] ROTATIONS = rotations();

    private Vectors() {}

    /**
     * The sum of the lanes, of halves of halves. {@link FloatVector#reduceLanes} leaves the order open, and interpreter
     * and compiler indeed differ in it, so its bits would change while a program warms up.
     */
    static float sum(FloatVector vector) {
        FloatVector sum = vector;
        for (int pass = ROTATIONS.length - 1; pass >= 0; pass--) sum = sum.add(sum.rearrange(ROTATIONS[pass]));
        return sum.lane(0);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static VectorShuffle<Float>[] rotations() {
        VectorShuffle<Float>[] rotations = new VectorShuffle[Integer.numberOfTrailingZeros(VectorWidth.LANES)];
        for (int pass = 0; pass < rotations.length; pass++) {
            int distance = 1 << pass;
            rotations[pass] =
                    VectorShuffle.fromOp(VectorWidth.F32, lane -> (lane + distance) & (VectorWidth.LANES - 1));
        }
        return rotations;
    }

    static FloatVector load(MemorySegment segment, long offset) {
        return FloatVector.fromMemorySegment(VectorWidth.F32, segment, offset, ORDER);
    }

    /** Lanes outside the mask are zero and their memory is not touched. */
    static FloatVector load(MemorySegment segment, long offset, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(VectorWidth.F32, segment, offset, ORDER, mask);
    }

    static FloatVector load(float[] array, int index) {
        return FloatVector.fromArray(VectorWidth.F32, array, index);
    }

    /** Lanes outside the mask are zero and their elements are not touched. */
    static FloatVector load(float[] array, int index, VectorMask<Float> mask) {
        return FloatVector.fromArray(VectorWidth.F32, array, index, mask);
    }

    static void store(FloatVector vector, MemorySegment segment, long offset) {
        vector.intoMemorySegment(segment, offset, ORDER);
    }

    /** Memory of lanes outside the mask is not touched. */
    static void store(FloatVector vector, MemorySegment segment, long offset, VectorMask<Float> mask) {
        vector.intoMemorySegment(segment, offset, ORDER, mask);
    }

    static FloatVector broadcast(float value) {
        return FloatVector.broadcast(VectorWidth.F32, value);
    }

    static FloatVector zero() {
        return FloatVector.zero(VectorWidth.F32);
    }

    /** How many of {@code count} elements whole vectors cover. */
    static int whole(int count) {
        return count & -VectorWidth.LANES;
    }

    /** The lanes of {@code count} elements that whole vectors leave over. */
    static VectorMask<Float> tail(int count) {
        return VectorWidth.F32.indexInRange(whole(count), count);
    }
}
