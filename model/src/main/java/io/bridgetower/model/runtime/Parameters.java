package io.bridgetower.model.runtime;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.kernel.EmbeddingTable;
import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.matmul.PanelFormat;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.Weights;
import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.checkpoint.tensor.Weight;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Where a layer takes its parameters from: tensors of a checkpoint below a prefix, and the memory that they are packed
 * into. What it returns belongs to that memory and not to the checkpoint.
 */
public final class Parameters {
    private final Weights weights;
    private final Arena arena;
    private final Workers workers;
    private final Precision precision;

    /**
     * @param arena owner of all that is loaded
     * @param workers share out the packing
     * @param precision of the matrices and of products with them
     */
    public Parameters(Weights weights, Arena arena, Workers workers, Precision precision) {
        this.weights = weights;
        this.arena = arena;
        this.workers = workers;
        this.precision = precision;
    }

    public Parameters sub(String name) {
        return new Parameters(weights.sub(name), arena, workers, precision);
    }

    public Parameters sub(int index) {
        return new Parameters(weights.sub(index), arena, workers, precision);
    }

    /** How layers are packed. */
    public PanelFormat format() {
        return precision.format();
    }

    public Arena arena() {
        return arena;
    }

    /** {@code name.weight} [out, in] and {@code name.bias} [out]. */
    public Linear linear(String name, int in, int out) throws MalformedFileException {
        return linear(name + ".weight", name + ".bias", in, out);
    }

    /** A layer whose tensors do not end in {@code .weight} and {@code .bias}. */
    public Linear linear(String weight, String bias, int in, int out) throws MalformedFileException {
        try (Arena temporary = Arena.ofShared()) {
            Tensor matrix = view(weights.get(weight, out, in), temporary);
            return Linear.pack(arena, workers, precision.format(), matrix, view(weights.get(bias, out), temporary));
        }
    }

    /** Several layers of the same shape side by side. */
    public Linear linears(int in, int out, String... names) throws MalformedFileException {
        try (Arena temporary = Arena.ofShared()) {
            Tensor[] matrices = new Tensor[names.length], biases = new Tensor[names.length];
            for (int i = 0; i < names.length; i++) {
                Weights layer = weights.sub(names[i]);
                matrices[i] = view(layer.get("weight", out, in), temporary);
                biases[i] = view(layer.get("bias", out), temporary);
            }
            return Linear.stack(arena, workers, precision.format(), List.of(matrices), List.of(biases));
        }
    }

    /**
     * The transpose of {@code name.weight} [hidden, hidden] as a layer without bias for each head, from the head's columns of
     * the output back to all of the input.
     */
    public Linear[] transposedHeads(String name, int heads, int hidden) throws MalformedFileException {
        int width = hidden / heads;
        Linear[] parts = new Linear[heads];
        try (Arena temporary = Arena.ofShared()) {
            Tensor weight = view(weights.sub(name).get("weight", hidden, hidden), temporary);
            for (int i = 0; i < heads; i++) {
                parts[i] = Linear.packTransposed(arena, workers, precision.format(), weight.slice(i * width, width));
            }
        }
        return parts;
    }

    /** A weight of any shape as a layer without bias: its first dimension is out, the others together are in. */
    public Linear projection(String name, int... shape) throws MalformedFileException {
        try (Arena temporary = Arena.ofShared()) {
            Tensor weight = view(weights.get(name, shape), temporary);
            return Linear.pack(
                    arena, workers, precision.format(), weight.view(shape[0], (int) (weight.size() / shape[0])), null);
        }
    }

    /** {@code name.weight} and {@code name.bias}, both [size]. */
    public LayerNorm layerNorm(String name, int size, double epsilon) throws MalformedFileException {
        Weights layer = weights.sub(name);
        try (Arena temporary = Arena.ofShared()) {
            return new LayerNorm(
                    arena, view(layer.get("weight", size), temporary), view(layer.get("bias", size), temporary), (float)
                            epsilon);
        }
    }

    /** A table of {@code rows} rows. */
    public EmbeddingTable embeddings(String name, int rows, int width) throws MalformedFileException {
        try (Arena temporary = Arena.ofShared()) {
            return EmbeddingTable.copy(arena, precision.weights(), view(weights.get(name, rows, width), temporary));
        }
    }

    /** A tensor as 32-bit floats. */
    public Tensor tensor(String name, int... shape) throws MalformedFileException {
        return weights.get(name, shape).toTensor(arena);
    }

    /** A tensor on the heap. */
    public float[] array(String name, int... shape) throws MalformedFileException {
        try (Arena temporary = Arena.ofShared()) {
            return weights.get(name, shape).toTensor(temporary).toArray();
        }
    }

    /** The one value of a tensor of shape [1] or []. */
    public float scalar(String name) throws MalformedFileException {
        return weights.get(name, weights.info(name).shape().length == 0 ? new int[0] : new int[] {1})
                .item();
    }

    /** The weight itself where it is stored as the engine reads it, a widened copy in {@code temporary} elsewhere. */
    private static Tensor view(Weight weight, Arena temporary) {
        boolean asStored = weight.dtype() == DType.F32 && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        return asStored ? Tensor.of(weight.segment(), weight.shape()) : weight.toTensor(temporary);
    }
}
