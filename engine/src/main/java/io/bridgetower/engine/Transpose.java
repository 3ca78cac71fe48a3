package io.bridgetower.engine;

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
 * as long.
 */
final class Transpose {
    /** Floats of scratch memory. */
    static final int BLOCK = VectorWidth.LANES * VectorWidth.LANES;

    private static final int LANES = VectorWidth.LANES;

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
    static void panel(
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
        for (int r = 0; r < LANES; r += 4) {
            FloatVector a = Vectors.load(from, rowOffsets[first + r] + column);
            FloatVector b = Vectors.load(from, rowOffsets[first + r + 1] + column);
            FloatVector c = Vectors.load(from, rowOffsets[first + r + 2] + column);
            FloatVector d = Vectors.load(from, rowOffsets[first + r + 3] + column);
            firstStages(a, b, c, d, scratch, block + r * LANES);
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
        VectorMask<Float> mask = VectorWidth.F32.indexInRange(0, columns);
        for (int r = 0; r < LANES; r++) {
            if (r >= rows) Vectors.zero().intoArray(scratch, block + r * LANES);
            else {
                Vectors.load(from, rowOffsets[first + r] + column, mask).intoArray(scratch, block + r * LANES);
            }
        }
        for (int at = block; at < block + BLOCK; at += 4 * LANES) {
            FloatVector a = Vectors.load(scratch, at), b = Vectors.load(scratch, at + LANES);
            FloatVector c = Vectors.load(scratch, at + 2 * LANES), d = Vectors.load(scratch, at + 3 * LANES);
            firstStages(a, b, c, d, scratch, at);
        }
    }

    private static void firstStages(FloatVector a, FloatVector b, FloatVector c, FloatVector d, float[] to, int at) {
        FloatVector e = BY_1.first(a, b), f = BY_1.second(a, b), g = BY_1.first(c, d), h = BY_1.second(c, d);
        BY_2.first(e, g).intoArray(to, at);
        BY_2.first(f, h).intoArray(to, at + LANES);
        BY_2.second(e, g).intoArray(to, at + 2 * LANES);
        BY_2.second(f, h).intoArray(to, at + 3 * LANES);
    }

    private static void writeWhole(float[] scratch, int block, MemorySegment to, long at) {
        if (LANES == 16) {
            for (int r = 0; r < 4; r++) {
                int row = block + r * LANES;
                FloatVector a = Vectors.load(scratch, row), b = Vectors.load(scratch, row + 4 * LANES);
                FloatVector c = Vectors.load(scratch, row + 8 * LANES), d = Vectors.load(scratch, row + 12 * LANES);
                FloatVector e = BY_4.first(a, b), f = BY_4.second(a, b), g = BY_4.first(c, d), h = BY_4.second(c, d);
                long y = at + (long) r * VectorWidth.BYTES;
                Vectors.store(BY_8.first(e, g), to, y);
                Vectors.store(BY_8.first(f, h), to, y + 4 * VectorWidth.BYTES);
                Vectors.store(BY_8.second(e, g), to, y + 8 * VectorWidth.BYTES);
                Vectors.store(BY_8.second(f, h), to, y + 12 * VectorWidth.BYTES);
            }
        } else if (LANES == 8) {
            for (int r = 0; r < 4; r++) {
                FloatVector a = Vectors.load(scratch, block + r * LANES);
                FloatVector b = Vectors.load(scratch, block + (r + 4) * LANES);
                Vectors.store(BY_4.first(a, b), to, at + (long) r * VectorWidth.BYTES);
                Vectors.store(BY_4.second(a, b), to, at + (r + 4L) * VectorWidth.BYTES);
            }
        } else {
            writePart(scratch, block, LANES, to, at);
        }
    }

    private static void writePart(float[] scratch, int block, int columns, MemorySegment to, long at) {
        if (LANES >= 8) swap(BY_4, 4, scratch, block);
        if (LANES == 16) swap(BY_8, 8, scratch, block);
        for (int c = 0; c < columns; c++) {
            Vectors.store(Vectors.load(scratch, block + c * LANES), to, at + (long) c * VectorWidth.BYTES);
        }
    }

    private static void swap(Stage stage, int half, float[] scratch, int block) {
        for (int pair = 0; pair < LANES / 2; pair++) {
            int first = block + ((pair & -half) + pair) * LANES, second = first + half * LANES;
            FloatVector a = Vectors.load(scratch, first), b = Vectors.load(scratch, second);
            stage.first(a, b).intoArray(scratch, first);
            stage.second(a, b).intoArray(scratch, second);
        }
    }

    /** What one stage makes of two vectors. */
    private record Stage(VectorShuffle<Float> up, VectorShuffle<Float> down, VectorMask<Float> odd) {
        static Stage of(int half) {
            long bits = 0;
            for (int lane = 0; lane < LANES; lane++) if ((lane & half) != 0) bits |= 1L << lane;
            return new Stage(
                    VectorShuffle.fromOp(VectorWidth.F32, lane -> (lane - half) & (LANES - 1)),
                    VectorShuffle.fromOp(VectorWidth.F32, lane -> (lane + half) & (LANES - 1)),
                    VectorMask.fromLong(VectorWidth.F32, bits));
        }

        FloatVector first(FloatVector a, FloatVector b) {
            return a.blend(b.rearrange(up), odd);
        }

        FloatVector second(FloatVector a, FloatVector b) {
            return a.rearrange(down).blend(b, odd);
        }
    }
}
