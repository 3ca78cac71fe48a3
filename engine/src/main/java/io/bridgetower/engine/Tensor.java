package io.bridgetower.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A shape and a slice of off-heap memory holding 32-bit floats in row-major order without gaps.
 *
 * <p>A tensor does not own its memory: it lives as long as the {@link Arena} behind its segment, and every access after
 * that arena is closed throws {@link IllegalStateException}. {@link #view} and {@link #slice} share memory with the
 * tensor they are taken from; nothing is copied unless a method says so. The shape is immutable, the elements are not:
 * writing from several threads needs the caller's own ordering.
 */
public final class Tensor {
    /** Every allocation starts on a multiple of this many bytes: a cache line, and the widest vector. */
    public static final long ALIGNMENT = 64;

    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final MemorySegment segment;
    private final int[] shape;
    private final long size;

    private Tensor(MemorySegment segment, int[] shape, long size) {
        this.segment = segment;
        this.shape = shape;
        this.size = size;
    }

    /**
     * A zero-filled tensor in memory of {@code arena}.
     *
     * @param arena owner of the memory
     * @param shape dimensions, outermost first; none for a scalar
     * @throws IllegalArgumentException if a dimension is negative or the size in bytes passes 2<sup>63</sup>
     */
    public static Tensor allocate(Arena arena, int... shape) {
        long size = size(shape);
        return new Tensor(
                arena.allocate(Math.max(size, 1) * Float.BYTES, ALIGNMENT).asSlice(0, size * Float.BYTES),
                shape.clone(),
                size);
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
        return new Tensor(segment, shape.clone(), size);
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

    /** The memory: {@code 4 * size()} bytes in native byte order. */
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
        return segment.get(F32, offset(index) * Float.BYTES);
    }

    /**
     * Writes one element.
     *
     * @param index one index per dimension
     * @throws IndexOutOfBoundsException if an index is out of range or their number is not the rank
     */
    public void set(float value, int... index) {
        segment.set(F32, offset(index) * Float.BYTES, value);
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
        return new Tensor(segment, newShape.clone(), size);
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
        return new Tensor(
                segment.asSlice(first * stride * Float.BYTES, count * stride * Float.BYTES), sliced, count * stride);
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
        return values;
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
