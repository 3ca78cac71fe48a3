package io.bridgetower.engine.bf16;

import java.lang.foreign.MemorySegment;

/**
 * The micro-kernel of products of bf16, {@code C = A·B + D}, for one {@link Split}: a strip of A and one of B make {@link
 * Strips#ROWS} rows and {@link Strips#COLUMNS} columns of C, and a call makes several of those. Products of bf16 are exact;
 * sums are those of floats, without subnormal numbers.
 *
 * <p>The order of a sum depends on the kernel, never on what else a call computes. Safe for use by several threads.
 */
public interface Bf16Kernel {
    /**
     * Strips of A or of B.
     *
     * @param segment native memory, which has to stay open during the call
     * @param at where the first one starts, in bytes
     * @param advance bytes from one to the next; 0 where all are the same
     */
    record Operand(MemorySegment segment, long at, long advance) {}

    /**
     * Places in an array for what belongs to strips.
     *
     * @param at index of the first element
     * @param stride floats from one row to the next; 0 where all rows are the same
     * @param advance floats from one place to the next; 0 where all are the same
     */
    record Window(float[] array, int at, int stride, int advance) {}

    /**
     * Computes {@code count} times a strip of A and one of B.
     *
     * @param d added to the products; may be C
     * @param c has {@link Strips#ROWS} rows for each strip, of which those beyond {@code rows} may be overwritten
     * @param steps length of the sum, in {@link Strips#DEPTH}
     * @param rows of each strip that there are, from 1 to {@link Strips#ROWS}
     * @throws IndexOutOfBoundsException if strips or places are not in their memory
     * @throws IllegalStateException if memory is freed
     */
    void run(Operand a, Operand b, Window d, Window c, int steps, int rows, int count);
}
