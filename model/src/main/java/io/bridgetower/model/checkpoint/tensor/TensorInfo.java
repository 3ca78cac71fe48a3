package io.bridgetower.model.checkpoint.tensor;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * A tensor that a checkpoint holds.
 *
 * @param file where it lies
 * @param name its key in that file
 * @param dtype type of its elements
 * @param shape its dimensions, outermost first
 */
public record TensorInfo(Path file, String name, DType dtype, long[] shape) {
    /** Keeps a copy of the shape. */
    public TensorInfo {
        shape = shape.clone();
    }

    /** A copy of the shape. */
    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** Number of elements. */
    public long elements() {
        return Shapes.elements(shape);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that
                && file.equals(that.file)
                && name.equals(that.name)
                && dtype == that.dtype
                && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return 31 * file.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
        return name + " " + dtype + Arrays.toString(shape);
    }
}
