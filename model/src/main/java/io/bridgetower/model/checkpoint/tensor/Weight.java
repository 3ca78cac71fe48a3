package io.bridgetower.model.checkpoint.tensor;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One tensor of a checkpoint, in the type that the file stores. It lives in the checkpoint's mapping and dies with the
 * {@link Checkpoint}; {@link #toArray}, {@link #toTensor} and {@link #copyTo} make copies that do not.
 */
public final class Weight {
    private final String name;
    private final DType dtype;
    private final int[] shape;
    private final MemorySegment segment;

    public Weight(String name, DType dtype, int[] shape, MemorySegment segment) {
        this.name = name;
        this.dtype = dtype;
        this.shape = shape;
        this.segment = segment;
    }

    /** Its full name in the checkpoint. */
    public String name() {
        return name;
    }

    /** Type of the stored elements; {@link DType#isWeight} holds. */
    public DType dtype() {
        return dtype;
    }

    /** A copy of the shape, outermost dimension first. */
    public int[] shape() {
        return shape.clone();
    }

    /** Number of elements. */
    public long size() {
        return segment.byteSize() / (dtype.bits() / Byte.SIZE);
    }

    /** The stored bytes: little-endian, row-major, of any alignment, read-only, valid while the checkpoint is open. */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * Writes the elements as 32-bit floats in native byte order.
     *
     * @param target exactly {@code 4 * size()} bytes
     * @throws IllegalArgumentException if the target has another size
     * @throws IllegalStateException if the checkpoint is closed
     */
    public void copyTo(MemorySegment target) {
        if (target.byteSize() != size() * Float.BYTES) {
            throw new IllegalArgumentException(
                    this + " needs " + size() * Float.BYTES + " bytes, the target has " + target.byteSize());
        }
        Widening.widen(dtype, segment, target);
    }

    /**
     * The elements as 32-bit floats on the heap.
     *
     * @throws IllegalStateException if there are more than an array can hold, or the checkpoint is closed
     */
    public float[] toArray() {
        if (size() > Integer.MAX_VALUE - 8) throw new IllegalStateException(this + " is too large for an array");
        float[] values = new float[(int) size()];
        copyTo(MemorySegment.ofArray(values));
        return values;
    }

    /**
     * The elements as 32-bit floats in memory of {@code arena}.
     *
     * @throws IllegalStateException if the checkpoint is closed
     */
    public Tensor toTensor(Arena arena) {
        Tensor tensor = Tensor.allocate(arena, shape);
        copyTo(tensor.segment());
        return tensor;
    }

    /** The only element of a tensor of one element. */
    public float item() {
        if (size() != 1) throw new IllegalStateException(this + " has " + size() + " elements, not one");
        return toArray()[0];
    }

    /** Name, type and shape. */
    @Override
    public String toString() {
        return name + " " + dtype + Arrays.toString(shape);
    }
}
