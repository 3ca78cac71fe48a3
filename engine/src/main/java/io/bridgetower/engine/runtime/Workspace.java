package io.bridgetower.engine.runtime;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.VectorModule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Memory for the intermediate results of one running computation, and the workers that it runs on.
 *
 * <p>A stack: {@link #matrix} takes memory from its top, {@link #release} gives back all that was taken since {@link
 * #mark}. Contents are not cleared. Memory is taken from the system only while the stack is higher than ever before.
 * {@link #reset} empties the stack and keeps its memory for the next computation, so a workspace that is used again and
 * again allocates nothing; {@link #trim} frees memory.
 *
 * <p>Used by one thread at a time; the workers only touch what was taken before they were started. Any thread may call
 * {@link #byteSize}.
 */
public final class Workspace implements AutoCloseable {
    /** The first one is enough for a short text. */
    private static final long FIRST_CHUNK_BYTES = 2L << 20;

    /** A new chunk is as large as all before it together, up to this size. */
    private static final long MAX_CHUNK_BYTES = 16L << 20;

    /** Sizes of combined chunks are multiples of this, so that a stack that grows a little fits. */
    private static final long CHUNK_STEP_BYTES = 1L << 20;

    /** A piece of the stack's memory, and the height of the stack in the pieces below it. */
    private static final class Chunk {
        private final MemorySegment memory;
        private long below;

        Chunk(MemorySegment memory) {
            this.memory = memory;
        }
    }

    private final Workers workers;
    private final List<Chunk> chunks = new ArrayList<>();
    private final float[][] packed = {{}, {}};
    private float[][] arrays = {};
    private Arena arena = Arena.ofShared();
    private int chunk;
    private long top;
    private long peak;
    private long capacity;
    private volatile long byteSize;

    /** An empty workspace whose kernels run on {@code workers}. Throws as {@link VectorModule#require}. */
    public Workspace(Workers workers) {
        VectorModule.require();
        this.workers = workers;
    }

    /** The workers that kernels use. */
    public Workers workers() {
        return workers;
    }

    /** Bytes held, off the heap and on it. Safe to call while another thread computes. */
    public long byteSize() {
        return byteSize;
    }

    /** Bytes of the stack's memory. */
    public long capacity() {
        return capacity;
    }

    /** The greatest height of the stack since the last {@link #reset}, in bytes. */
    public long peak() {
        return peak;
    }

    /**
     * An uncleared matrix, valid until a mark below it is released. Its rows are an odd number of cache lines apart:
     * at a power of two, the rows of a tile would fall into few sets of the caches.
     */
    public Matrix matrix(int rows, int columns) {
        long lines = ((long) columns * Float.BYTES + Tensor.ALIGNMENT - 1) / Tensor.ALIGNMENT | 1;
        long offset = take(rows * lines * Tensor.ALIGNMENT);
        return new Matrix(chunk(), offset, rows, columns, lines * Tensor.ALIGNMENT / Float.BYTES);
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

    /**
     * Gives back everything, for the next computation. Where the stack has grown, its memory is then combined to one
     * piece, as large as the stack has ever been high since it was {@linkplain #trim trimmed}.
     */
    public void reset() {
        release(0);
        if (chunks.size() > 1) combine(Math.max(peak, chunks.getFirst().memory.byteSize()));
        peak = 0;
    }

    /**
     * Frees memory so that about {@code bytes} remain for the stack; does nothing if no more are held, or only the least
     * that a workspace holds. The stack must be empty.
     */
    public void trim(long bytes) {
        if (capacity <= Math.max(bytes, FIRST_CHUNK_BYTES)) return;
        arrays = new float[0][];
        Arrays.fill(packed, new float[0]);
        combine(bytes);
    }

    /** Frees the memory; matrices taken from here throw when touched. */
    @Override
    public void close() {
        arena.close();
        chunks.clear();
        arrays = new float[0][];
        Arrays.fill(packed, new float[0]);
        capacity = 0;
        byteSize = 0;
    }

    /**
     * Scratch arrays for the slots of a call, of at least {@code length} floats each, uncleared. Every kernel gets the
     * same ones.
     */
    public float[][] arrays(int slots, int length) {
        boolean grown = arrays.length < slots;
        if (grown) arrays = Arrays.copyOf(arrays, slots);
        for (int slot = 0; slot < slots; slot++) {
            if (arrays[slot] != null && arrays[slot].length >= length) continue;
            arrays[slot] = new float[length];
            grown = true;
        }
        if (grown) countBytes();
        return arrays;
    }

    /** The array of the packed rows of a product, one for each use, 0 or 1, of at least {@code length} floats, uncleared. */
    public float[] packed(int use, int length) {
        if (packed[use].length < length) {
            packed[use] = new float[length];
            countBytes();
        }
        return packed[use];
    }

    /** Byte offset, in {@link #chunk()}, of {@code bytes} bytes that start on a cache line. */
    public long take(long bytes) {
        long size = Math.max(bytes, 1) + Tensor.ALIGNMENT - 1 & -Tensor.ALIGNMENT;
        if (chunks.isEmpty() || top + size > chunk().byteSize()) moveToChunk(size);
        long offset = top;
        top += size;
        peak = Math.max(peak, height());
        return offset;
    }

    /** The memory that the last {@link #take} refers to. */
    public MemorySegment chunk() {
        return chunks.get(chunk).memory;
    }

    private long height() {
        return chunks.isEmpty() ? 0 : chunks.get(chunk).below + top;
    }

    /** Makes the next chunk that has room for {@code size} bytes the current one, a new one if there is none. */
    private void moveToChunk(long size) {
        long below = height();
        int next = chunks.isEmpty() ? 0 : chunk + 1;
        while (next < chunks.size() && chunks.get(next).memory.byteSize() < size) next++;
        if (next == chunks.size()) add(Math.max(size, Math.clamp(capacity, FIRST_CHUNK_BYTES, MAX_CHUNK_BYTES)));
        chunk = next;
        top = 0;
        chunks.get(next).below = below;
    }

    private void add(long bytes) {
        chunks.add(new Chunk(arena.allocate(bytes, Tensor.ALIGNMENT)));
        capacity += bytes;
        countBytes();
    }

    /** Replaces the chunks of an empty stack by one. */
    private void combine(long bytes) {
        Arena old = arena;
        arena = Arena.ofShared();
        chunks.clear();
        capacity = 0;
        old.close();
        countBytes();
        if (bytes == 0) return;
        try {
            add(Math.ceilDiv(bytes, CHUNK_STEP_BYTES) * CHUNK_STEP_BYTES);
        } catch (OutOfMemoryError e) {
            // The next computation may need less, and says so if it does not.
        }
    }

    private void countBytes() {
        long bytes = capacity;
        for (float[] array : arrays) bytes += array == null ? 0 : (long) array.length * Float.BYTES;
        for (float[] array : packed) bytes += (long) array.length * Float.BYTES;
        byteSize = bytes;
    }
}
