package io.bridgetower.engine.bf16;

import static io.bridgetower.engine.vector.Lanes.F32;
import static io.bridgetower.engine.vector.Vectors.I32;
import static io.bridgetower.engine.vector.Vectors.ORDER;
import static io.bridgetower.engine.vector.Vectors.offHeap;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.NE;

import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The layout of both operands of a product of bf16, in steps of {@value #DEPTH} elements of the sum.
 *
 * <p>In a step, an element and the one {@value #PAIRS} behind it share 32 bits, the first the lower half: so floats become
 * pairs in whole vectors, without a change of lanes. A step of a strip of A, {@value #ROWS} rows high, is for each part two
 * tiles of {@value #TILE_ROWS} rows of {@value #PAIRS} pairs; one of a strip of B, {@value #MAX_COLUMNS} columns wide, is for each
 * part two tiles of {@value #PAIRS} rows, which have a pair for each of {@value #TILE_COLUMNS} columns. A tile has {@value
 * #TILE_BYTES} bytes, so the steps of a strip are a stream of whole cache lines.
 *
 * <p>Vectors are rounded in four places that look alike, for loops call no methods of ours on vectors: see {@code Vectors}.
 */
public final class Strips {
    /** Rows of a strip of A. */
    public static final int ROWS = 32;

    /** Columns of a strip of B: {@value #MAX_COLUMNS}, unless a panel has fewer. */
    public static final int COLUMNS = Math.min(Strips.MAX_COLUMNS, Lanes.PANEL_VECTORS * Lanes.COUNT);

    static final int MAX_COLUMNS = 32;

    /** Elements of the sum in a step. */
    public static final int DEPTH = 32;

    /** Pairs of them. */
    static final int PAIRS = DEPTH / 2;

    /** Rows of a tile of A. */
    static final int TILE_ROWS = 16;

    /** Columns of a tile of B. */
    public static final int TILE_COLUMNS = 16;

    /** Bytes of the pairs of a row. */
    static final int ROW_BYTES = PAIRS * Integer.BYTES;

    static final int TILE_BYTES = TILE_ROWS * ROW_BYTES;

    /** Pairs of a tile. */
    public static final int TILE_PAIRS = TILE_BYTES / Integer.BYTES;

    /** Tiles of a step and a part of B. */
    public static final int TILES = COLUMNS / TILE_COLUMNS;

    /** Of a step and a part of A, and of B. */
    static final int A_PART_BYTES = ROWS / TILE_ROWS * TILE_BYTES, B_PART_BYTES = TILES * TILE_BYTES;

    /** The upper half of 32 bits. */
    static final int UPPER = -1 << Short.SIZE;

    /** Half of the last bit that remains, less one; the bit that makes a NaN a quiet one. */
    private static final int ROUND = 0x7FFF, QUIET = 1 << 22;

    private Strips() {}

    /** Steps of a sum over {@code k}. */
    public static int steps(int k) {
        return (k + DEPTH - 1) / DEPTH;
    }

    /** Bytes of a step of a strip of A. */
    public static long aStepBytes(int parts) {
        return (long) parts * A_PART_BYTES;
    }

    /** Bytes of a step of a strip of B. */
    public static long bStepBytes(int parts) {
        return (long) parts * B_PART_BYTES;
    }

    /** Where a tile of a strip of B starts in a step and a part, in bytes. */
    public static long tileOffset(int tile) {
        return (long) tile * TILE_BYTES;
    }

    /** Where a row of a strip of A starts in a step and a part, in bytes. */
    public static long rowOffset(int row) {
        return (long) row * ROW_BYTES;
    }

    /**
     * Packs steps of a row of A.
     *
     * @param from floats from an index on, {@value #DEPTH} for each step; overwritten where there are several parts
     * @param to the row in the first step of the strip, at an offset in bytes
     */
    public static void packRow(float[] from, int index, int steps, int parts, MemorySegment to, long at) {
        to = offHeap(to);
        long step = aStepBytes(parts);
        for (int part = 0; part < parts; part++, at += A_PART_BYTES) {
            boolean isLast = part == parts - 1;
            long y = at;
            for (int i = index; i < index + steps * DEPTH; i += DEPTH, y += step) {
                for (int v = 0; v < PAIRS; v += Lanes.COUNT) {
                    FloatVector low = fromArray(F32, from, i + v), high = fromArray(F32, from, i + PAIRS + v);
                    IntVector lowBits = low.reinterpretAsInts(), highBits = high.reinterpretAsInts();
                    IntVector first = lowBits.add(
                                    lowBits.lanewise(LSHR, Short.SIZE).and(1).add(ROUND))
                            .blend(lowBits.or(QUIET), low.compare(NE, low).cast(I32));
                    IntVector second = highBits.add(
                                    highBits.lanewise(LSHR, Short.SIZE).and(1).add(ROUND))
                            .blend(highBits.or(QUIET), high.compare(NE, high).cast(I32))
                            .and(UPPER);
                    first.lanewise(LSHR, Short.SIZE)
                            .or(second)
                            .intoMemorySegment(to, y + (long) v * Integer.BYTES, ORDER);
                    if (isLast) continue;
                    low.sub(first.and(UPPER).reinterpretAsFloats()).intoArray(from, i + v);
                    high.sub(second.reinterpretAsFloats()).intoArray(from, i + PAIRS + v);
                }
            }
        }
    }

    /**
     * Packs steps of a tile of B.
     *
     * @param from rows of {@value #TILE_COLUMNS} floats, {@value #DEPTH} rows for each step, as stripes: a vector of each row
     *     after the other, {@code stripe} bytes before those of the next columns; overwritten where there are several parts
     * @param to the tile in the first step of the strip, at an offset in bytes
     */
    public static void packTile(
            MemorySegment from, long first, long stripe, int steps, int parts, MemorySegment to, long at) {
        from = offHeap(from);
        to = offHeap(to);
        long step = bStepBytes(parts), half = (long) PAIRS * Lanes.BYTES;
        for (int part = 0; part < parts; part++, at += B_PART_BYTES) {
            boolean isLast = part == parts - 1;
            for (int v = 0; v < TILE_COLUMNS / Lanes.COUNT; v++) {
                long x = first + v * stripe, y = at + (long) v * Lanes.BYTES;
                for (int i = 0; i < steps; i++, x += half, y += step) {
                    long end = x + half;
                    for (long row = y; x < end; x += Lanes.BYTES, row += ROW_BYTES) {
                        FloatVector low = fromMemorySegment(F32, from, x, ORDER);
                        FloatVector high = fromMemorySegment(F32, from, x + half, ORDER);
                        IntVector lowBits = low.reinterpretAsInts(), highBits = high.reinterpretAsInts();
                        IntVector lowUpper = lowBits.add(lowBits.lanewise(LSHR, Short.SIZE)
                                        .and(1)
                                        .add(ROUND))
                                .blend(lowBits.or(QUIET), low.compare(NE, low).cast(I32));
                        IntVector highUpper = highBits.add(highBits.lanewise(LSHR, Short.SIZE)
                                        .and(1)
                                        .add(ROUND))
                                .blend(
                                        highBits.or(QUIET),
                                        high.compare(NE, high).cast(I32))
                                .and(UPPER);
                        lowUpper.lanewise(LSHR, Short.SIZE).or(highUpper).intoMemorySegment(to, row, ORDER);
                        if (isLast) continue;
                        low.sub(lowUpper.and(UPPER).reinterpretAsFloats()).intoMemorySegment(from, x, ORDER);
                        high.sub(highUpper.reinterpretAsFloats()).intoMemorySegment(from, x + half, ORDER);
                    }
                }
            }
        }
    }

    /**
     * Packs steps of a tile of B in plain loops, which are fast at once, for weights.
     *
     * @param from as for {@link #packTile}, from an index on, stripes {@code stripe} floats apart; overwritten where there are
     *     several parts
     * @param pairs scratch, {@link #TILE_PAIRS} long
     * @param to the tile in the first step of the strip, at an offset in bytes
     */
    public static void packWeights(
            float[] from, int first, int stripe, int steps, int parts, int[] pairs, MemorySegment to, long at) {
        for (int step = 0; step < steps; step++) {
            for (int part = 0; part < parts; part++, at += B_PART_BYTES) {
                for (int column = 0; column < TILE_COLUMNS; column++) {
                    int x = first + column / Lanes.COUNT * stripe + column % Lanes.COUNT + step * DEPTH * Lanes.COUNT;
                    for (int pair = 0; pair < PAIRS; pair++, x += Lanes.COUNT) {
                        int high = x + PAIRS * Lanes.COUNT;
                        int a = WeightPrecision.toBf16(from[x]), b = WeightPrecision.toBf16(from[high]);
                        pairs[pair * TILE_COLUMNS + column] = b << Short.SIZE | a;
                        if (part == parts - 1) continue;
                        from[x] -= Float.intBitsToFloat(a << Short.SIZE);
                        from[high] -= Float.intBitsToFloat(b << Short.SIZE);
                    }
                }
                MemorySegment.copy(pairs, 0, to, ValueLayout.JAVA_INT_UNALIGNED, at, TILE_PAIRS);
            }
        }
    }
}
