package io.bridgetower.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;

/**
 * A shape and a slice of off-heap memory holding 32-bit floats in row-major order without gaps.
 *
 * <p>Every access after the memory is freed throws {@link IllegalStateException}. Who frees it depends on where it comes
 * from:
 *
 * <ul>
 *   <li>A tensor that was {@linkplain #allocate(Arena, int...) allocated in an arena} of the caller, other than a {@link
 *       TensorArena}, or was {@linkplain #of made of a segment}, owns no memory: it lives as long as that arena.
 *   <li>A tensor that was {@linkplain #allocate(int...) allocated without an arena}, as are the results of a model that is
 *       given none, owns its memory: {@link #close} frees it. What is never closed is freed when neither the tensor nor a view
 *       of it is reachable any more; see {@link TensorArena}.
 * </ul>
 *
 * <p>{@link #view} and {@link #slice} share memory with the tensor they are taken from and keep it reachable; nothing is
 * copied unless a method says so. The shape is immutable, the elements are not: writing from several threads needs the
 * caller's own ordering.
 */
public final class Tensor implements AutoCloseable {
    /** Every allocation starts on a multiple of this many bytes: a cache line, and the widest vector. */
    public static final long ALIGNMENT = 64;

    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final MemorySegment segment;
    private final int[] shape;
    private final long size;

    /** Kept reachable, as the segment alone does not keep it; null where the memory is somebody else's. */
    private final TensorArena memory;

    private final boolean ownsMemory;

    private Tensor(MemorySegment segment, int[] shape, long size, TensorArena memory, boolean ownsMemory) {
        VectorModule.require();
        this.segment = segment;
        this.shape = shape;
        this.size = size;
        this.memory = memory;
        this.ownsMemory = ownsMemory;
    }

    /**
     * A zero-filled tensor in its own memory.
     *
     * @param shape dimensions, outermost first; none for a scalar
     * @throws IllegalArgumentException if a dimension is negative or the size in bytes passes 2<sup>63</sup>
     */
    public static Tensor allocate(int... shape) {
        return allocate(new TensorArena(), shape);
    }

    /**
     * A zero-filled tensor in memory of {@code arena}.
     *
     * @param arena owner of the memory; a {@link TensorArena} is owned by its tensors in turn
     * @param shape dimensions, outermost first; none for a scalar
     * @throws IllegalArgumentException if a dimension is negative or the size in bytes passes 2<sup>63</sup>
     */
    public static Tensor allocate(Arena arena, int... shape) {
        long size = size(shape);
        TensorArena owned = arena instanceof TensorArena tensors ? tensors : null;
        return new Tensor(
                arena.allocate(Math.max(size, 1) * Float.BYTES, ALIGNMENT).asSlice(0, size * Float.BYTES),
                shape.clone(),
                size,
                owned,
                owned != null);
    }

    /**
     * A tensor over memory that exists already.
     *
     * @param segment native memory of exactly the size that the shape needs
     * @throws IllegalArgumentException if the segment is on the heap or its size is not that of the shape
     */
    public static Tensor of(MemorySegment segment, int... shape) {
        long size = size(shape);
        if (!segment.isNative())
            throw new IllegalArgumentException("tensor memory must be off-heap, found a heap segment");
        if (segment.byteSize() != size * Float.BYTES) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " needs " + size * Float.BYTES
                    + " bytes, the segment has " + segment.byteSize());
        }
        return new Tensor(segment, shape.clone(), size, null, false);
    }

    /**
     * A copy of {@code values}.
     *
     * @throws IllegalArgumentException if the number of values is not that of the shape
     */
    public static Tensor copyOf(Arena arena, float[] values, int... shape) {
        long size = size(shape);
        if (values.length != size) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " needs " + size + " values, found " + values.length);
        }
        Tensor tensor = allocate(arena, shape);
        MemorySegment.copy(values, 0, tensor.segment, F32, 0, values.length);
        return tensor;
    }

    /**
     * The memory: {@code 4 * size()} bytes in native byte order. Where the tensor owns it, the segment alone does not keep
     * it: keep the tensor or a view of it reachable, for instance by closing it after the last access.
     */
    public MemorySegment segment() {
        return segment;
    }

    /** Number of dimensions. */
    public int rank() {
        return shape.length;
    }

    /** A copy of the shape, outermost dimension first. */
    public int[] shape() {
        return shape.clone();
    }

    /**
     * Length of one dimension.
     *
     * @param axis 0 is the outermost, −1 the innermost
     * @throws IndexOutOfBoundsException if there is no such axis
     */
    public int dim(int axis) {
        return shape[axis < 0 ? axis + shape.length : axis];
    }

    /** Number of elements. */
    public long size() {
        return size;
    }

    /**
     * One element.
     *
     * @param index one index per dimension
     * @throws IndexOutOfBoundsException if an index is out of range or their number is not the rank
     */
    public float get(int... index) {
        float value = segment.get(F32, offset(index) * Float.BYTES);
        Reference.reachabilityFence(this);
        return value;
    }

    /**
     * Writes one element.
     *
     * @param index one index per dimension
     * @throws IndexOutOfBoundsException if an index is out of range or their number is not the rank
     */
    public void set(float value, int... index) {
        segment.set(F32, offset(index) * Float.BYTES, value);
        Reference.reachabilityFence(this);
    }

    /**
     * The same memory under another shape.
     *
     * @throws IllegalArgumentException if the number of elements differs
     */
    public Tensor view(int... newShape) {
        if (size(newShape) != size) {
            throw new IllegalArgumentException(
                    "cannot view " + Arrays.toString(shape) + " as " + Arrays.toString(newShape) + ": sizes differ");
        }
        return new Tensor(segment, newShape.clone(), size, memory, false);
    }

    /**
     * {@code count} consecutive entries of the outermost dimension, sharing this tensor's memory.
     *
     * @throws IndexOutOfBoundsException if the range leaves the dimension
     */
    public Tensor slice(int first, int count) {
        if (rank() == 0 || first < 0 || count < 0 || first > shape[0] - count) {
            throw new IndexOutOfBoundsException(
                    "entries " + first + " to " + ((long) first + count) + " of shape " + Arrays.toString(shape));
        }
        long stride = shape[0] == 0 ? 0 : size / shape[0];
        int[] sliced = shape.clone();
        sliced[0] = count;
        MemorySegment part = segment.asSlice(first * stride * Float.BYTES, count * stride * Float.BYTES);
        return new Tensor(part, sliced, count * stride, memory, false);
    }

    /**
     * A copy of the elements on the heap.
     *
     * @throws IllegalStateException if there are more elements than an array can hold
     */
    public float[] toArray() {
        if (size > Integer.MAX_VALUE) throw new IllegalStateException(this + " has more elements than an array");
        float[] values = new float[(int) size];
        MemorySegment.copy(segment, F32, 0, values, 0, values.length);
        Reference.reachabilityFence(this);
        return values;
    }

    /**
     * Frees the memory if this tensor owns it; the memory of all tensors of one result is freed together. Does nothing for
     * views and slices, for tensors in an arena or a segment of the caller, and for one that is closed already.
     *
     * @throws IllegalStateException as {@link TensorArena#close}
     */
    @Override
    public void close() {
        if (ownsMemory) memory.close();
    }

    /** The shape, as in {@code [2, 3]}. */
    @Override
    public String toString() {
        return Arrays.toString(shape);
    }

    private long offset(int[] index) {
        if (index.length != shape.length) {
            throw new IndexOutOfBoundsException(index.length + " indices for shape " + Arrays.toString(shape));
        }
        long offset = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            if (index[axis] < 0 || index[axis] >= shape[axis]) {
                throw new IndexOutOfBoundsException(
                        "index " + Arrays.toString(index) + " of shape " + Arrays.toString(shape));
            }
            offset = offset * shape[axis] + index[axis];
        }
        return offset;
    }

    /** What elements of a shape take. */
    public static long bytes(int[] shape) {
        return size(shape) * Float.BYTES;
    }

    private static long size(int[] shape) {
        long size = 1;
        for (int dim : shape) {
            if (dim < 0) throw new IllegalArgumentException("negative dimension in shape " + Arrays.toString(shape));
            try {
                size = Math.multiplyExact(size, dim);
                Math.multiplyExact(size, Float.BYTES);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " is too large", e);
            }
        }
        return size;
    }
}
