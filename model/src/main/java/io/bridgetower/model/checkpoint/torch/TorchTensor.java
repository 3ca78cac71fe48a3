package io.bridgetower.model.checkpoint.torch;

import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.checkpoint.tensor.Shapes;
import java.lang.foreign.MemorySegment;

/**
 * A view of a storage, as torch saves it.
 *
 * @param storage the bytes that it looks at, perhaps along with other tensors
 * @param offset index of its first element in the storage
 * @param shape its dimensions, outermost first
 * @param strides steps in elements along each dimension
 */
record TorchTensor(Storage storage, long offset, long[] shape, long[] strides) {
    /**
     * Elements of one type, one after the other.
     *
     * @param data all its bytes, in the mapping
     */
    record Storage(DType dtype, MemorySegment data) {
        int width() {
            return dtype.bits() / Byte.SIZE;
        }

        long elements() {
            return data.byteSize() / width();
        }
    }

    /**
     * Whether every element lies within the storage.
     *
     * @throws ArithmeticException if an index passes 2<sup>63</sup>, which is further than any storage reaches
     */
    boolean fits() {
        long last = offset;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] == 0) return offset <= storage.elements();
            last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
        }
        return last < storage.elements();
    }

    /** Whether the elements lie one after the other in row-major order. */
    boolean isContiguous() {
        long expected = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] == 0) return true;
            if (shape[axis] != 1 && strides[axis] != expected) return false;
            expected *= shape[axis];
        }
        return true;
    }

    /** Size in bytes without gaps. */
    long bytes() {
        return storage.dtype().bytes(Shapes.elements(shape));
    }

    /** The elements in place; only of a contiguous view. */
    MemorySegment slice() {
        return storage.data().asSlice(offset * storage.width(), bytes());
    }

    /** Copies the elements in row-major order, without gaps, to {@link #bytes} bytes. */
    void copyTo(MemorySegment target) {
        if (bytes() > 0) copy(0, offset * storage.width(), target, 0);
    }

    private long copy(int axis, long from, MemorySegment target, long to) {
        int width = storage.width();
        if (axis == shape.length) {
            MemorySegment.copy(storage.data(), from, target, to, width);
            return to + width;
        }
        long step = strides[axis] * width;
        if (axis == shape.length - 1 && strides[axis] == 1) {
            MemorySegment.copy(storage.data(), from, target, to, shape[axis] * width);
            return to + shape[axis] * width;
        }
        for (long i = 0; i < shape[axis]; i++) to = copy(axis + 1, from + i * step, target, to);
        return to;
    }
}
