package io.bridgetower.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Memory for the intermediate results of one running computation, and the workers that it runs on.
 *
 * <p>A stack: {@link #matrix} takes memory from its top, {@link #release} gives back all that was taken since {@link
 * #mark}. Memory is taken from the system only while the stack is higher than ever before and is kept for the next
 * computation, so a workspace that is used again and again allocates nothing. Contents are not cleared. Used by one
 * thread at a time; the workers only touch what was taken before they were started.
 */
public final class Workspace implements AutoCloseable {
    /** The first one is enough for a short text. */
    private static final long FIRST_CHUNK_BYTES = 2L << 20, CHUNK_BYTES = 16L << 20;

    private final Arena arena = Arena.ofShared();
    private final Workers workers;
    private final List<MemorySegment> chunks = new ArrayList<>();
    private float[][] arrays = {};
    private final float[][] packed = {{}, {}};
    private int chunk;
    private long top;
    private long capacity;

    /** An empty workspace whose kernels run on {@code workers}. */
    public Workspace(Workers workers) {
        this.workers = workers;
    }

    /** The workers that kernels use. */
    public Workers workers() {
        return workers;
    }

    /** Bytes held, off the heap and on it. */
    public long byteSize() {
        long bytes = capacity;
        for (float[] array : arrays) bytes += (long) array.length * Float.BYTES;
        for (float[] array : packed) bytes += (long) array.length * Float.BYTES;
        return bytes;
    }

    /**
     * An uncleared matrix, valid until a mark below it is released. Its rows are an odd number of cache lines apart:
     * at a power of two, the rows of a tile would fall into few sets of the caches.
     */
    public Matrix matrix(int rows, int columns) {
        long lines = ((long) columns * Float.BYTES + Tensor.ALIGNMENT - 1) / Tensor.ALIGNMENT | 1;
        long offset = take(rows * lines * Tensor.ALIGNMENT);
        return new Matrix(chunks.get(chunk), offset, rows, columns, lines * Tensor.ALIGNMENT / Float.BYTES);
    }

    /** An uncleared tensor, valid until a mark below it is released. Its rows lie one after the other without gaps. */
    public Tensor tensor(int... shape) {
        long bytes = Tensor.bytes(shape), offset = take(bytes);
        return Tensor.of(chunk().asSlice(offset, bytes), shape);
    }

    /** The height of the stack, for {@link #release}. */
    public long mark() {
        return (long) chunk << 48 | top;
    }

    /** Gives back everything taken since {@code mark} was read. */
    public void release(long mark) {
        chunk = (int) (mark >>> 48);
        top = mark & (1L << 48) - 1;
    }

    /** Frees the memory; matrices taken from here throw when touched. */
    @Override
    public void close() {
        arena.close();
    }

    /**
     * Scratch arrays for the slots of a call, of at least {@code length} floats each, uncleared. Every kernel gets the
     * same ones.
     */
    float[][] arrays(int slots, int length) {
        if (arrays.length < slots) arrays = Arrays.copyOf(arrays, slots);
        for (int slot = 0; slot < slots; slot++) {
            if (arrays[slot] == null || arrays[slot].length < length) arrays[slot] = new float[length];
        }
        return arrays;
    }

    /** The array of the packed rows of a product, one for each use, 0 or 1, of at least {@code length} floats, uncleared. */
    float[] packed(int use, int length) {
        if (packed[use].length < length) packed[use] = new float[length];
        return packed[use];
    }

    /** Byte offset, in {@link #chunk()}, of {@code bytes} bytes that start on a cache line. */
    long take(long bytes) {
        long size = Math.max(bytes, 1) + Tensor.ALIGNMENT - 1 & -Tensor.ALIGNMENT;
        while (chunk < chunks.size() && top + size > chunks.get(chunk).byteSize()) {
            chunk++;
            top = 0;
        }
        if (chunk == chunks.size()) {
            long chunkBytes = Math.max(chunks.isEmpty() ? FIRST_CHUNK_BYTES : CHUNK_BYTES, size);
            chunks.add(arena.allocate(chunkBytes, Tensor.ALIGNMENT));
            capacity += chunkBytes;
            top = 0;
        }
        long offset = top;
        top += size;
        return offset;
    }

    /** The memory that the last {@link #take} refers to. */
    MemorySegment chunk() {
        return chunks.get(chunk);
    }
}
