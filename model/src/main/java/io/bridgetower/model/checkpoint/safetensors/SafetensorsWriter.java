package io.bridgetower.model.checkpoint.safetensors;

import io.bridgetower.engine.Tensor;
import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.JsonWriter;
import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.checkpoint.tensor.Shapes;
import io.bridgetower.model.checkpoint.tensor.Weight;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a safetensors file. Tensors are collected by name, without copying them, and stream to the disk one after the
 * other in {@link #write}: widest type first, then by name, so that every one of them is aligned.
 */
public final class SafetensorsWriter {
    private static final int HEADER_ALIGNMENT = 8;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final long SLICE_BYTES = 1 << 26;

    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, String> metadata = new TreeMap<>(Map.of("format", "pt"));

    /** What follows the header, for one tensor. */
    @FunctionalInterface
    public interface Content {
        /** Writes exactly as many bytes as type and shape say. */
        void writeTo(AtomicFile file) throws IOException;
    }

    private record Entry(String name, DType dtype, long[] shape, long bytes, Content content) {}

    /** A file without tensors, as yet. */
    public SafetensorsWriter() {}

    /**
     * Adds a tensor of floats, which must keep its memory and values until {@link #write} returns.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public SafetensorsWriter add(String name, Tensor tensor) {
        return add(name, DType.F32, longs(tensor.shape()), file -> {
            writeFloats(file, tensor.segment());
            Reference.reachabilityFence(tensor);
        });
    }

    /**
     * Adds floats.
     *
     * @throws IllegalArgumentException if the name is taken or the number of values is not that of the shape
     */
    public SafetensorsWriter add(String name, float[] values, int... shape) {
        checkCount(name, values.length, shape);
        return add(name, DType.F32, longs(shape), file -> writeFloats(file, MemorySegment.ofArray(values)));
    }

    /**
     * Adds 64-bit integers.
     *
     * @throws IllegalArgumentException if the name is taken or the number of values is not that of the shape
     */
    public SafetensorsWriter add(String name, long[] values, int... shape) {
        checkCount(name, values.length, shape);
        return add(name, DType.I64, longs(shape), file -> writeLongs(file, values));
    }

    /**
     * Adds 16-bit IEEE floats, which must keep their memory and values until {@link #write} returns.
     *
     * @param halves in native byte order
     * @throws IllegalArgumentException if the name is taken or the number of values is not that of the shape
     */
    public SafetensorsWriter addHalves(String name, MemorySegment halves, int... shape) {
        checkCount(name, halves.byteSize() / Short.BYTES, shape);
        return add(name, DType.F16, longs(shape), file -> writeShorts(file, halves));
    }

    /**
     * Adds a tensor of a checkpoint as it is stored; the checkpoint must stay open until {@link #write} returns.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public SafetensorsWriter add(String name, Weight weight) {
        return add(name, weight.dtype(), longs(weight.shape()), file -> writeBytes(file, weight.segment()));
    }

    /** Computes the elements of a tensor while it is written. */
    @FunctionalInterface
    public interface Computation {
        /** Hands over all elements in row-major order, some at a time. */
        void writeTo(FloatSink sink) throws IOException;
    }

    /** Takes the elements of a tensor. */
    @FunctionalInterface
    public interface FloatSink {
        /** Takes the next elements. */
        void write(float[] values) throws IOException;
    }

    /**
     * Adds a tensor of 32-bit floats that are computed in {@link #write}, and not held in memory all together.
     *
     * @param values must hand over as many as the shape says; {@link #write} throws {@link IllegalStateException} otherwise
     * @throws IllegalArgumentException if the name is taken
     */
    public SafetensorsWriter add(String name, Computation values, int... shape) {
        long[] dims = longs(shape);
        return add(name, DType.F32, dims, file -> {
            long[] left = {Shapes.elements(dims)};
            values.writeTo(some -> {
                left[0] -= some.length;
                if (left[0] >= 0) writeFloats(file, MemorySegment.ofArray(some));
            });
            if (left[0] != 0) {
                throw new IllegalStateException(name + ": " + (Shapes.elements(dims) - left[0])
                        + " values cannot have the shape " + Arrays.toString(shape));
            }
        });
    }

    /** Where the elements of a tensor come from that is made while it is written. */
    @FunctionalInterface
    public interface Floats {
        /** The next element, in row-major order. */
        float next();
    }

    /** Adds a tensor of 32-bit floats that are asked for one after the other in {@link #write}. */
    public SafetensorsWriter add(String name, Floats values, int... shape) {
        long[] dims = longs(shape);
        return add(name, DType.F32, dims, file -> {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (long left = Shapes.elements(dims); left > 0; left--) {
                buffer.putFloat(values.next());
                if (!buffer.hasRemaining()) flush(file, buffer);
            }
            flush(file, buffer);
        });
    }

    /** Adds a line of free text to the header. {@code format} is {@code pt} unless it is set otherwise. */
    public SafetensorsWriter metadata(String name, String value) {
        metadata.put(name, value);
        return this;
    }

    /**
     * Writes what has been added, and replaces an older file of that name only when all of it is on the disk.
     *
     * @throws IOException if the file cannot be written; the older one is then as it was
     */
    public void write(Path path) throws IOException {
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(
                Comparator.comparingInt((Entry entry) -> -entry.dtype().bits()).thenComparing(Entry::name));
        try (AtomicFile file = new AtomicFile(path)) {
            file.write(header(sorted));
            for (Entry entry : sorted) entry.content().writeTo(file);
            file.commit();
        }
    }

    /**
     * Adds a tensor that is made while it is written.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public SafetensorsWriter add(String name, DType dtype, long[] shape, Content content) {
        Entry entry = new Entry(name, dtype, shape, dtype.bytes(Shapes.elements(shape)), content);
        if (entries.putIfAbsent(name, entry) != null) throw new IllegalArgumentException("two tensors named " + name);
        return this;
    }

    private ByteBuffer header(List<Entry> sorted) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("__metadata__", metadata);
        long offset = 0;
        for (Entry entry : sorted) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("dtype", entry.dtype().name());
            fields.put("shape", Arrays.stream(entry.shape()).boxed().toList());
            fields.put("data_offsets", List.of(offset, offset + entry.bytes()));
            json.put(entry.name(), fields);
            offset += entry.bytes();
        }
        byte[] text = JsonWriter.compact(json).getBytes(StandardCharsets.UTF_8);
        int length = Math.ceilDiv(text.length, HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(length).put(text);
        while (header.hasRemaining()) header.put((byte) ' ');
        return header.flip();
    }

    private static void writeFloats(AtomicFile file, MemorySegment floats) throws IOException {
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN && floats.isNative()) {
            writeBytes(file, floats);
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < floats.byteSize() / Float.BYTES; i++) {
            buffer.putFloat(floats.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i));
            if (!buffer.hasRemaining()) flush(file, buffer);
        }
        flush(file, buffer);
    }

    private static void writeShorts(AtomicFile file, MemorySegment shorts) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < shorts.byteSize() / Short.BYTES; i++) {
            buffer.putShort(shorts.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
            if (!buffer.hasRemaining()) flush(file, buffer);
        }
        flush(file, buffer);
    }

    private static void writeLongs(AtomicFile file, long[] values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            buffer.putLong(value);
            if (!buffer.hasRemaining()) flush(file, buffer);
        }
        flush(file, buffer);
    }

    public static void writeBytes(AtomicFile file, MemorySegment bytes) throws IOException {
        for (long first = 0; first < bytes.byteSize(); first += SLICE_BYTES) {
            file.write(bytes.asSlice(first, Math.min(SLICE_BYTES, bytes.byteSize() - first))
                    .asByteBuffer());
        }
    }

    private static void flush(AtomicFile file, ByteBuffer buffer) throws IOException {
        file.write(buffer.flip());
        buffer.clear();
    }

    private static void checkCount(String name, long values, int[] shape) {
        if (values != Shapes.elements(longs(shape))) {
            throw new IllegalArgumentException(
                    name + ": " + values + " values cannot have the shape " + Arrays.toString(shape));
        }
    }

    private static long[] longs(int[] shape) {
        return Arrays.stream(shape).asLongStream().toArray();
    }
}
