package io.bridgetower.engine.bf16;

import static io.bridgetower.engine.vector.Lanes.F32;
import static io.bridgetower.engine.vector.Vectors.I32;
import static io.bridgetower.engine.vector.Vectors.ORDER;
import static io.bridgetower.engine.vector.Vectors.offHeap;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LSHL;

import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The kernel where machine code cannot run, with the Vector API. It sums as the tiles of Intel's processors do, so that the
 * results have the same bits: for each step and term, a chain of multiply-adds over the first elements of the pairs and one
 * over the second, both from zero, whose sum is added to the element.
 *
 * <p>It is several times slower than a product of floats.
 */
final class VectorKernel implements Bf16Kernel {
    private static final int ROWS_TOGETHER = 4;
    private static final ValueLayout.OfInt PAIR = ValueLayout.JAVA_INT_UNALIGNED;

    private final long aStep, bStep;

    /** Where the parts of each term lie in a step. */
    private final int[] aTerms, bTerms;

    VectorKernel(Split split) {
        List<Split.Term> terms = split.terms();
        aStep = Strips.aStepBytes(split.aParts());
        bStep = Strips.bStepBytes(split.bParts());
        aTerms = terms.stream().mapToInt(term -> term.a() * Strips.A_PART_BYTES).toArray();
        bTerms = terms.stream().mapToInt(term -> term.b() * Strips.B_PART_BYTES).toArray();
    }

    @Override
    public void run(Operand a, Operand b, Window d, Window c, int steps, int rows, int count) {
        for (int i = 0; i < count; i++) {
            long aAt = a.at() + i * a.advance(), bAt = b.at() + i * b.advance();
            int dAt = d.at() + i * d.advance(), cAt = c.at() + i * c.advance();
            for (int column = 0; column < Strips.COLUMNS; column += Lanes.COUNT) {
                long tile = Strips.tileOffset(column / Strips.TILE_COLUMNS);
                long bColumn = bAt + tile + column % Strips.TILE_COLUMNS * Integer.BYTES;
                for (int row = 0; row < rows; row += ROWS_TOGETHER) {
                    int from = dAt + row * d.stride() + column, to = cAt + row * c.stride() + column;
                    start(d.array(), from, d.stride(), c.array(), to, c.stride());
                    for (int step = 0; step < steps; step++) {
                        for (int term = 0; term < aTerms.length; term++) {
                            long x = aAt + Strips.rowOffset(row) + step * aStep + aTerms[term];
                            add(
                                    a.segment(),
                                    x,
                                    b.segment(),
                                    bColumn + step * bStep + bTerms[term],
                                    c.array(),
                                    to,
                                    c.stride());
                        }
                    }
                }
            }
        }
    }

    private static void start(float[] d, int from, int dStride, float[] c, int to, int cStride) {
        for (int r = 0; r < ROWS_TOGETHER; r++, from += dStride, to += cStride) {
            fromArray(F32, d, from).intoArray(c, to);
        }
    }

    /** Adds a step of a term to a vector of four rows. */
    private static void add(MemorySegment a, long x, MemorySegment b, long y, float[] c, int at, int stride) {
        a = offHeap(a);
        b = offHeap(b);
        FloatVector low0 = FloatVector.zero(F32), low1 = low0, low2 = low0, low3 = low0;
        FloatVector high0 = low0, high1 = low0, high2 = low0, high3 = low0;
        for (int pair = 0; pair < Strips.PAIRS; pair++, x += Integer.BYTES, y += Strips.ROW_BYTES) {
            IntVector pairs = IntVector.fromMemorySegment(I32, b, y, ORDER);
            FloatVector low = pairs.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();
            FloatVector high = pairs.and(Strips.UPPER).reinterpretAsFloats();
            int a0 = a.get(PAIR, x), a1 = a.get(PAIR, x + Strips.ROW_BYTES);
            int a2 = a.get(PAIR, x + 2 * Strips.ROW_BYTES), a3 = a.get(PAIR, x + 3 * Strips.ROW_BYTES);
            low0 = low.fma(broadcast(F32, Float.intBitsToFloat(a0 << Short.SIZE)), low0);
            low1 = low.fma(broadcast(F32, Float.intBitsToFloat(a1 << Short.SIZE)), low1);
            low2 = low.fma(broadcast(F32, Float.intBitsToFloat(a2 << Short.SIZE)), low2);
            low3 = low.fma(broadcast(F32, Float.intBitsToFloat(a3 << Short.SIZE)), low3);
            high0 = high.fma(broadcast(F32, Float.intBitsToFloat(a0 & Strips.UPPER)), high0);
            high1 = high.fma(broadcast(F32, Float.intBitsToFloat(a1 & Strips.UPPER)), high1);
            high2 = high.fma(broadcast(F32, Float.intBitsToFloat(a2 & Strips.UPPER)), high2);
            high3 = high.fma(broadcast(F32, Float.intBitsToFloat(a3 & Strips.UPPER)), high3);
        }
        store(low0, high0, c, at);
        store(low1, high1, c, at + stride);
        store(low2, high2, c, at + 2 * stride);
        store(low3, high3, c, at + 3 * stride);
    }

    private static void store(FloatVector low, FloatVector high, float[] c, int at) {
        fromArray(F32, c, at).add(low.add(high)).intoArray(c, at);
    }
}
