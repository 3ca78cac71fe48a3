package io.bridgetower.engine.matmul;

import static io.bridgetower.engine.vector.Lanes.F32;
import static io.bridgetower.engine.vector.Vectors.ORDER;
import static io.bridgetower.engine.vector.Vectors.offHeap;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Turns rows of a matrix into the columns of a panel.
 *
 * <p>A block of lanes × lanes floats is transposed in log₂(lanes) stages: stage h swaps the off-diagonal quarters of every
 * sub-block of 2h × 2h, for h = 1, 2, 4 and so on, which takes two vectors h rows apart. Two stages take four vectors, and
 * are done on the way into scratch memory, the others on the way out: a third of the loads and stores of one at a time.
 *
 * <p>The two ways are written out, alike as they are: one method for both, with the stages as parameters, took seven times
 * as long. Blocks at the edge go stage by stage.
 */
public final class Transpose {
    /** Floats of scratch memory. */
    public static final int BLOCK = Lanes.COUNT * Lanes.COUNT;

    private static final int LANES = Lanes.COUNT;

    private static final Stage BY_1 = Stage.of(1), BY_2 = Stage.of(2), BY_4 = Stage.of(4), BY_8 = Stage.of(8);

    private Transpose() {}

    /**
     * Writes the panel whose columns are rows of a matrix, from {@code firstRow} on.
     *
     * @param rowOffsets byte offset of each row in {@code from}
     * @param firstColumn byte offset in the rows
     * @param rows rows of the matrix; columns of the panel past the last are zero
     * @param depth columns of the matrix, which are the rows of the panel
     * @param scratch {@link #BLOCK} floats from {@code block} on
     * @param to receives the panel at {@code panel}
     */
    public static void panel(
            MemorySegment from,
            long[] rowOffsets,
            long firstColumn,
            int firstRow,
            int rows,
            int depth,
            float[] scratch,
            int block,
            MemorySegment to,
            long panel) {
        for (int v = 0; v < TileShape.VECTORS; v++) {
            int first = firstRow + v * LANES;
            for (int k = 0; k < depth; k += LANES) {
                int columns = Math.min(LANES, depth - k);
                long column = firstColumn + (long) k * Float.BYTES, at = panel + Panels.offset(depth, k, v * LANES);
                boolean whole = columns == LANES;
                if (whole && first + LANES <= rows) readWhole(from, rowOffsets, first, column, scratch, block);
                else readPart(from, rowOffsets, first, Math.min(LANES, rows - first), column, columns, scratch, block);
                if (whole) writeWhole(scratch, block, to, at);
                else writePart(scratch, block, columns, to, at);
            }
        }
    }

    private static void readWhole(
            MemorySegment from, long[] rowOffsets, int first, long column, float[] scratch, int block) {
        from = offHeap(from);
        for (int r = 0; r < LANES; r += 4) {
            int at = block + r * LANES;
            FloatVector a = fromMemorySegment(F32, from, rowOffsets[first + r] + column, ORDER);
            FloatVector b = fromMemorySegment(F32, from, rowOffsets[first + r + 1] + column, ORDER);
            FloatVector c = fromMemorySegment(F32, from, rowOffsets[first + r + 2] + column, ORDER);
            FloatVector d = fromMemorySegment(F32, from, rowOffsets[first + r + 3] + column, ORDER);
            FloatVector e = a.blend(b.rearrange(BY_1.up), BY_1.odd),
                    f = a.rearrange(BY_1.down).blend(b, BY_1.odd);
            FloatVector g = c.blend(d.rearrange(BY_1.up), BY_1.odd),
                    h = c.rearrange(BY_1.down).blend(d, BY_1.odd);
            e.blend(g.rearrange(BY_2.up), BY_2.odd).intoArray(scratch, at);
            f.blend(h.rearrange(BY_2.up), BY_2.odd).intoArray(scratch, at + LANES);
            e.rearrange(BY_2.down).blend(g, BY_2.odd).intoArray(scratch, at + 2 * LANES);
            f.rearrange(BY_2.down).blend(h, BY_2.odd).intoArray(scratch, at + 3 * LANES);
        }
    }

    private static void readPart(
            MemorySegment from,
            long[] rowOffsets,
            int first,
            int rows,
            long column,
            int columns,
            float[] scratch,
            int block) {
        from = offHeap(from);
        VectorMask<Float> mask = F32.indexInRange(0, columns);
        for (int r = 0; r < LANES; r++) {
            if (r >= rows) FloatVector.zero(F32).intoArray(scratch, block + r * LANES);
            else {
                fromMemorySegment(F32, from, rowOffsets[first + r] + column, ORDER, mask)
                        .intoArray(scratch, block + r * LANES);
            }
        }
        swap(BY_1, 1, scratch, block);
        swap(BY_2, 2, scratch, block);
    }

    private static void writeWhole(float[] scratch, int block, MemorySegment to, long at) {
        to = offHeap(to);
        if (LANES == 16) {
            for (int r = 0; r < 4; r++) {
                int row = block + r * LANES;
                FloatVector a = fromArray(F32, scratch, row), b = fromArray(F32, scratch, row + 4 * LANES);
                FloatVector c = fromArray(F32, scratch, row + 8 * LANES), d = fromArray(F32, scratch, row + 12 * LANES);
                FloatVector e = a.blend(b.rearrange(BY_4.up), BY_4.odd),
                        f = a.rearrange(BY_4.down).blend(b, BY_4.odd);
                FloatVector g = c.blend(d.rearrange(BY_4.up), BY_4.odd),
                        h = c.rearrange(BY_4.down).blend(d, BY_4.odd);
                long y = at + (long) r * Lanes.BYTES;
                e.blend(g.rearrange(BY_8.up), BY_8.odd).intoMemorySegment(to, y, ORDER);
                f.blend(h.rearrange(BY_8.up), BY_8.odd).intoMemorySegment(to, y + 4 * Lanes.BYTES, ORDER);
                e.rearrange(BY_8.down).blend(g, BY_8.odd).intoMemorySegment(to, y + 8 * Lanes.BYTES, ORDER);
                f.rearrange(BY_8.down).blend(h, BY_8.odd).intoMemorySegment(to, y + 12 * Lanes.BYTES, ORDER);
            }
        } else if (LANES == 8) {
            for (int r = 0; r < 4; r++) {
                FloatVector a = fromArray(F32, scratch, block + r * LANES);
                FloatVector b = fromArray(F32, scratch, block + (r + 4) * LANES);
                a.blend(b.rearrange(BY_4.up), BY_4.odd).intoMemorySegment(to, at + (long) r * Lanes.BYTES, ORDER);
                a.rearrange(BY_4.down).blend(b, BY_4.odd).intoMemorySegment(to, at + (r + 4L) * Lanes.BYTES, ORDER);
            }
        } else {
            writePart(scratch, block, LANES, to, at);
        }
    }

    private static void writePart(float[] scratch, int block, int columns, MemorySegment to, long at) {
        to = offHeap(to);
        if (LANES >= 8) swap(BY_4, 4, scratch, block);
        if (LANES == 16) swap(BY_8, 8, scratch, block);
        for (int c = 0; c < columns; c++) {
            fromArray(F32, scratch, block + c * LANES).intoMemorySegment(to, at + (long) c * Lanes.BYTES, ORDER);
        }
    }

    private static void swap(Stage stage, int half, float[] scratch, int block) {
        for (int pair = 0; pair < LANES / 2; pair++) {
            int first = block + ((pair & -half) + pair) * LANES, second = first + half * LANES;
            FloatVector a = fromArray(F32, scratch, first), b = fromArray(F32, scratch, second);
            a.blend(b.rearrange(stage.up), stage.odd).intoArray(scratch, first);
            a.rearrange(stage.down).blend(b, stage.odd).intoArray(scratch, second);
        }
    }

    /** A stage makes of two vectors a and b: a.blend(b.rearrange(up), odd) and a.rearrange(down).blend(b, odd). */
    private record Stage(VectorShuffle<Float> up, VectorShuffle<Float> down, VectorMask<Float> odd) {
        static Stage of(int half) {
            long bits = 0;
            for (int lane = 0; lane < LANES; lane++) if ((lane & half) != 0) bits |= 1L << lane;
            return new Stage(
                    VectorShuffle.fromOp(F32, lane -> (lane - half) & (LANES - 1)),
                    VectorShuffle.fromOp(F32, lane -> (lane + half) & (LANES - 1)),
                    VectorMask.fromLong(F32, bits));
        }
    }
}
