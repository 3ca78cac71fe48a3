package io.bridgetower.engine.kernel;

import static io.bridgetower.engine.vector.Lanes.F32;
import static io.bridgetower.engine.vector.Vectors.ORDER;
import static io.bridgetower.engine.vector.Vectors.offHeap;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.vector.Lanes;
import io.bridgetower.engine.vector.Vectors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Layer normalisation, {@code y = (x − mean) / √(variance + ε) · weight + bias} over each row, with the biased variance.
 * Safe for use by several threads.
 */
public final class LayerNorm {
    /** Rows that one task takes: enough work to be worth handing over. */
    private static final int ROWS_PER_TASK = 16;

    private final int size;
    private final MemorySegment weight;
    private final MemorySegment bias;
    private final float epsilon;

    /**
     * A copy of the parameters in memory of {@code arena}.
     *
     * @param weight [size]
     * @param bias [size]
     */
    public LayerNorm(Arena arena, Tensor weight, Tensor bias, float epsilon) {
        if (weight.size() != bias.size()) {
            throw new IllegalArgumentException("weight " + weight + " and bias " + bias + " differ in size");
        }
        this.size = Math.toIntExact(weight.size());
        this.weight = arena.allocate(Math.max(1, weight.segment().byteSize()), Tensor.ALIGNMENT);
        this.bias = arena.allocate(Math.max(1, bias.segment().byteSize()), Tensor.ALIGNMENT);
        this.weight.copyFrom(weight.segment());
        this.bias.copyFrom(bias.segment());
        this.epsilon = epsilon;
    }

    /**
     * Normalises every row of {@code x}.
     *
     * @param y of the same shape; may be x itself
     */
    public void apply(Workspace workspace, Matrix x, Matrix y) {
        run(workspace, x, 1f, null, 0f, y);
    }

    /**
     * Normalises every row of {@code xFactor * x + zFactor * z}.
     *
     * @param y of the same shape; may be x or z itself
     */
    public void applySum(Workspace workspace, Matrix x, float xFactor, Matrix z, float zFactor, Matrix y) {
        if (z.rows() != x.rows() || z.columns() != x.columns()) {
            throw new IllegalArgumentException("cannot add " + x + " and " + z);
        }
        run(workspace, x, xFactor, z, zFactor, y);
    }

    private void run(Workspace workspace, Matrix x, float xFactor, Matrix z, float zFactor, Matrix y) {
        if (x.columns() != size || y.columns() != size || x.rows() != y.rows()) {
            throw new IllegalArgumentException("layer norm of " + size + " from " + x + " to " + y);
        }
        int tasks = (x.rows() + ROWS_PER_TASK - 1) / ROWS_PER_TASK;
        workspace.workers().run(tasks, (slot, task) -> {
            int last = Math.min(x.rows(), (task + 1) * ROWS_PER_TASK);
            for (int row = task * ROWS_PER_TASK; row < last; row++) {
                MemorySegment from = x.segment();
                long at = x.rowOffset(row);
                if (z != null) {
                    add(x, xFactor, z, zFactor, row, y);
                    from = y.segment();
                    at = y.rowOffset(row);
                }
                normalize(from, at, y.segment(), y.rowOffset(row));
            }
        });
    }

    // One method per pass: C1 cannot compile the three together with profiling, for want of virtual registers.
    private void normalize(MemorySegment x, long xOffset, MemorySegment y, long yOffset) {
        x = offHeap(x);
        y = offHeap(y);
        MemorySegment factors = offHeap(weight), addends = offHeap(bias);
        float mean = mean(x, xOffset);
        float scale = (float) (1 / Math.sqrt(variance(x, xOffset, mean) + epsilon));
        int whole = Vectors.whole(size);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector d =
                    fromMemorySegment(F32, x, xOffset + at, ORDER).sub(mean).mul(scale);
            d.fma(fromMemorySegment(F32, factors, at, ORDER), fromMemorySegment(F32, addends, at, ORDER))
                    .intoMemorySegment(y, yOffset + at, ORDER);
        }
        if (whole < size) {
            long at = (long) whole * Float.BYTES;
            VectorMask<Float> tail = Vectors.tail(size);
            FloatVector d = Vectors.load(x, xOffset + at, tail).sub(mean).mul(scale);
            FloatVector value = d.fma(Vectors.load(factors, at, tail), Vectors.load(addends, at, tail));
            Vectors.store(value, y, yOffset + at, tail);
        }
    }

    private float mean(MemorySegment x, long offset) {
        x = offHeap(x);
        int whole = Vectors.whole(size), pairs = whole & -2 * Lanes.COUNT;
        FloatVector even = FloatVector.zero(F32), odd = even;
        for (int i = 0; i < pairs; i += 2 * Lanes.COUNT) {
            long at = offset + (long) i * Float.BYTES;
            even = fromMemorySegment(F32, x, at, ORDER).add(even);
            odd = fromMemorySegment(F32, x, at + Lanes.BYTES, ORDER).add(odd);
        }
        if (pairs < whole) {
            long at = offset + (long) pairs * Float.BYTES;
            even = fromMemorySegment(F32, x, at, ORDER).add(even);
        }
        if (whole < size) {
            long at = offset + (long) whole * Float.BYTES;
            odd = odd.add(Vectors.load(x, at, Vectors.tail(size)));
        }
        return Vectors.sum(even.add(odd)) / size;
    }

    private float variance(MemorySegment x, long offset, float mean) {
        x = offHeap(x);
        int whole = Vectors.whole(size), pairs = whole & -2 * Lanes.COUNT;
        FloatVector even = FloatVector.zero(F32), odd = even;
        for (int i = 0; i < pairs; i += 2 * Lanes.COUNT) {
            long at = offset + (long) i * Float.BYTES;
            FloatVector first = fromMemorySegment(F32, x, at, ORDER).sub(mean);
            FloatVector second =
                    fromMemorySegment(F32, x, at + Lanes.BYTES, ORDER).sub(mean);
            even = first.fma(first, even);
            odd = second.fma(second, odd);
        }
        if (pairs < whole) {
            FloatVector d = fromMemorySegment(F32, x, offset + (long) pairs * Float.BYTES, ORDER)
                    .sub(mean);
            even = d.fma(d, even);
        }
        if (whole < size) {
            VectorMask<Float> tail = Vectors.tail(size);
            FloatVector d =
                    Vectors.load(x, offset + (long) whole * Float.BYTES, tail).sub(mean);
            odd = odd.add(d.mul(d), tail);
        }
        return Vectors.sum(even.add(odd)) / size;
    }

    private void add(Matrix x, float xFactor, Matrix z, float zFactor, int row, Matrix y) {
        MemorySegment first = offHeap(x.segment()), second = offHeap(z.segment()), sum = offHeap(y.segment());
        int whole = Vectors.whole(size);
        long xAt = x.rowOffset(row), zAt = z.rowOffset(row), yAt = y.rowOffset(row);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector value = fromMemorySegment(F32, first, xAt + at, ORDER).mul(xFactor);
            value = fromMemorySegment(F32, second, zAt + at, ORDER).fma(FloatVector.broadcast(F32, zFactor), value);
            value.intoMemorySegment(sum, yAt + at, ORDER);
        }
        if (whole < size) {
            long at = (long) whole * Float.BYTES;
            VectorMask<Float> tail = Vectors.tail(size);
            FloatVector value = Vectors.load(first, xAt + at, tail).mul(xFactor);
            value = Vectors.load(second, zAt + at, tail).fma(FloatVector.broadcast(F32, zFactor), value);
            Vectors.store(value, sum, yAt + at, tail);
        }
    }
}
