package io.bridgetower.model.checkpoint;

import java.nio.file.Path;

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
}
