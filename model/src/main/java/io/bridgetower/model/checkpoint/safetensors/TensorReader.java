package io.bridgetower.model.checkpoint.safetensors;

import io.bridgetower.engine.Tensor;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.tensor.Shapes;
import io.bridgetower.model.checkpoint.tensor.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Takes a model's inputs from a safetensors file: ids, masks and labels as ints, pixels and embeddings as floats.
 * Everything it returns is a copy.
 */
public final class TensorReader {
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final SafetensorsFile file;

    /** @param file stays the caller's to close */
    public TensorReader(SafetensorsFile file) {
        this.file = file;
    }

    /** Whether the file has a tensor of this name. */
    public boolean has(String name) {
        return file.entries().containsKey(name);
    }

    /**
     * A matrix of integers (I64, I32, I8, U8 or BOOL), by rows.
     *
     * @throws MalformedFileException if there is no such tensor, it is no matrix of integers, it has no elements, or a
     *     value does not fit an int
     */
    public int[][] readInts(String name) throws MalformedFileException {
        TensorEntry entry = entry(name, 2);
        int[] values = ints(entry);
        int[][] rows = new int[(int) entry.shape()[0]][];
        int width = values.length / rows.length;
        for (int i = 0; i < rows.length; i++) rows[i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
        return rows;
    }

    /** A vector of integers; otherwise as {@link #readInts}. */
    public int[] readIntVector(String name) throws MalformedFileException {
        return ints(entry(name, 1));
    }

    /**
     * A tensor of floats, of any type that weights may have.
     *
     * @param arena owner of the copy
     * @throws MalformedFileException if there is no such tensor or it is not of floats
     */
    public Tensor readFloats(String name, Arena arena) throws MalformedFileException {
        TensorEntry entry = entry(name);
        if (!entry.dtype().isWeight()) throw malformed(name, "expected floats, found " + entry.dtype());
        int[] shape;
        try {
            shape = Shapes.toInts(entry.shape());
        } catch (ArithmeticException e) {
            throw malformed(name, "shape " + Arrays.toString(entry.shape()) + " has a dimension past 2^31");
        }
        return new Weight(name, entry.dtype(), shape, file.data(name)).toTensor(arena);
    }

    private TensorEntry entry(String name) throws MalformedFileException {
        TensorEntry entry = file.entries().get(name);
        if (entry == null) throw malformed(name, "missing: there is no such tensor");
        return entry;
    }

    private TensorEntry entry(String name, int rank) throws MalformedFileException {
        TensorEntry entry = entry(name);
        if (entry.shape().length != rank) {
            throw malformed(name, "expected " + rank + " dimensions, found " + Arrays.toString(entry.shape()));
        }
        return entry;
    }

    private int[] ints(TensorEntry entry) throws MalformedFileException {
        MemorySegment data = file.data(entry.name());
        long count = Shapes.elements(entry.shape());
        if (count == 0 || count > Integer.MAX_VALUE - 8) {
            throw malformed(entry.name(), "found " + count + " elements, expected 1 to " + (Integer.MAX_VALUE - 8));
        }
        int[] values = new int[(int) count];
        for (int i = 0; i < values.length; i++) {
            long value = integer(entry, data, i);
            if (value != (int) value) throw malformed(entry.name(), "found " + value + ", which does not fit an int");
            values[i] = (int) value;
        }
        return values;
    }

    private long integer(TensorEntry entry, MemorySegment data, int index) throws MalformedFileException {
        return switch (entry.dtype()) {
            case I64 -> data.getAtIndex(I64, index);
            case I32 -> data.getAtIndex(I32, index);
            case I8 -> data.get(ValueLayout.JAVA_BYTE, index);
            case U8, BOOL -> data.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
            default -> throw malformed(entry.name(), "expected integers, found " + entry.dtype());
        };
    }

    private MalformedFileException malformed(String name, String problem) {
        return new MalformedFileException(file.path(), name, problem);
    }
}
