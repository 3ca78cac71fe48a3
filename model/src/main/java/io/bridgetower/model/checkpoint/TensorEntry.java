package io.bridgetower.model.checkpoint;

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
}
