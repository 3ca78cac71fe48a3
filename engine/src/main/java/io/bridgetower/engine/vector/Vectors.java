package io.bridgetower.engine.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * What kernels need in addition to the JDK's methods on vectors.
 *
 * <p>All loops but a tile's call nothing of ours on vectors, not even to load one. The compiler inlines the JDK's methods
 * always, but ours only if it thinks that worthwhile, which depends on what a program has run before. If it does not, it
 * makes an object of every vector that passes, and the loop takes many times as long until the program ends: a softmax in
 * one of 30 programs, a layer norm in one of 100.
 *
 * <p>Nor do they call the JDK's methods on what a loop carries from round to round, but hand it over: {@code power.add(sum)},
 * not {@code sum.add(power)}. The compiler knows the class of a vector just made or loaded. That of a variable it has to have
 * counted, and does not count in every tier: else the call stays virtual, and it makes objects just so.
 */
public final class Vectors {
    public static final ByteOrder ORDER = ByteOrder.nativeOrder();

    // Rotations by half of the lanes, by a quarter and so on; those of wider vectors than ours are not used.
    static final VectorShuffle<Float> BY_8 = rotation(8), BY_4 = rotation(4), BY_2 = rotation(2), BY_1 = rotation(1);

    public static final VectorSpecies<Integer> I32 = VectorSpecies.of(int.class, Lanes.F32.vectorShape());

    /** The class of segments off the heap that are not mapped files. */
    private static final Class<?> OFF_HEAP = MemorySegment.NULL.getClass();

    private Vectors() {}

    /**
     * The sum of the lanes, of halves of halves. {@link FloatVector#reduceLanes} leaves the order open, and interpreter
     * and compiler indeed differ in it, so its bits would change while a program warms up.
     */
    public static float sum(FloatVector vector) {
        FloatVector sum = vector;
        if (Lanes.COUNT == 16) sum = sum.add(sum.rearrange(BY_8));
        if (Lanes.COUNT >= 8) sum = sum.add(sum.rearrange(BY_4));
        sum = sum.add(sum.rearrange(BY_2));
        return sum.add(sum.rearrange(BY_1)).lane(0);
    }

    private static VectorShuffle<Float> rotation(int distance) {
        return VectorShuffle.fromOp(Lanes.F32, lane -> (lane + distance) & (Lanes.COUNT - 1));
    }

    /** What a tile loads; with the JDK's method in its place, a program's first pair took an eighth longer. */
    public static FloatVector load(MemorySegment segment, long offset) {
        return FloatVector.fromMemorySegment(Lanes.F32, offHeap(segment), offset, ORDER);
    }

    /** As {@link #load}, as many integers as a vector has floats. */
    public static IntVector loadInts(MemorySegment segment, long offset) {
        return IntVector.fromMemorySegment(I32, offHeap(segment), offset, ORDER);
    }

    /**
     * For the end of a row, which is one vector; lanes outside the mask are zero and their memory is not touched. The JDK's
     * method would double what C1 has to compile of a kernel.
     */
    public static FloatVector load(MemorySegment segment, long offset, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(Lanes.F32, segment, offset, ORDER, mask);
    }

    /** For the end of a row, as {@link #load(MemorySegment, long, VectorMask)}. */
    public static void store(FloatVector vector, MemorySegment segment, long offset, VectorMask<Float> mask) {
        vector.intoMemorySegment(segment, offset, ORDER, mask);
    }

    /**
     * The same segment. Where all have been of one class so far, the compiler knows it behind this test. Without, it guesses
     * from what the JDK's loads and stores have met anywhere in the program, and they have met byte arrays: through those the
     * interpreter reinterprets vectors, and others may use them. Then it tells the classes apart at every load and store,
     * and looks up the segment's bounds and its arena again behind a store. Nor need the JVM throw kernels away when it
     * loads another class of segments, such as that of a float array. docs/performance.md has what this gains.
     *
     * <p>Kernels ask before a loop: where the compiler thinks a loop rare, it calls this method in every round. Those whose loop
     * is so long that it is compiled while it runs, and entered in its midst, ask inside.
     */
    public static MemorySegment offHeap(MemorySegment segment) {
        return segment.getClass() == OFF_HEAP ? segment : mapped(segment);
    }

    /** A segment of a file, about which the compiler learns nothing. */
    private static MemorySegment mapped(MemorySegment segment) {
        return segment;
    }

    /** How many of {@code count} elements whole vectors cover. */
    public static int whole(int count) {
        return count & -Lanes.COUNT;
    }

    /** The lanes of {@code count} elements that whole vectors leave over. */
    public static VectorMask<Float> tail(int count) {
        return Lanes.F32.indexInRange(whole(count), count);
    }
}
