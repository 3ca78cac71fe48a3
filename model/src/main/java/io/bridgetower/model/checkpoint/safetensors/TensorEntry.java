package io.bridgetower.model.checkpoint.safetensors;

import io.bridgetower.model.checkpoint.tensor.DType;
import java.util.Arrays;

/**
 * What the header of a safetensors file says about one tensor.
 *
 * @param name the tensor's key
 * @param dtype type of its elements
 * @param shape its dimensions, outermost first
 * @param begin offset of its first byte within the data that follows the header
 * @param end offset after its last byte
 */
public record TensorEntry(String name, DType dtype, long[] shape, long begin, long end) {
    /** Keeps a copy of the shape. */
    public TensorEntry {
        shape = shape.clone();
    }

    /** A copy of the shape. */
    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorEntry that
                && name.equals(that.name)
                && dtype == that.dtype
                && Arrays.equals(shape, that.shape)
                && begin == that.begin
                && end == that.end;
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Long.hashCode(begin);
    }

    @Override
    public String toString() {
        return name + " " + dtype + Arrays.toString(shape) + " at " + begin + " to " + end;
    }
}
