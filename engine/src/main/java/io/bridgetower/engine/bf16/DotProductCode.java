package io.bridgetower.engine.bf16;

import static io.bridgetower.engine.code.Assembler.Register.*;

import io.bridgetower.engine.code.Assembler;
import io.bridgetower.engine.code.Assembler.Register;

/**
 * Writes the kernel for the dot products of AVX512-BF16. Vectors hold the sums of eight rows; a pair of each row meets a vector of
 * pairs of each tile of B. The sum of an element is one chain, in which the second elements of pairs come before the first.
 */
final class DotProductCode {
    /** Rows whose sums are held at the same time. */
    static final int ROWS = 8;

    /** Vectors: sums, by rows and columns; columns of B; pairs of A, which take turns so that none is waited for. */
    private static final int SUMS = 0, B = 2 * ROWS, B_TURNS = 4, A = B + B_TURNS, A_TURNS = 12;

    /** Registers: where A, D and C are for these rows, how many groups of rows are left, and where the next step is read. */
    private static final Register A_ROWS = R12, D_ROW = R11, C_ROW = R15, GROUPS = R14, A_STEP = RAX, B_STEP = RBX;

    private static final Register STEPS = R8;

    private DotProductCode() {}

    /** Appends the function, whose shape is the number of groups of {@value #ROWS} rows. */
    static void write(Assembler code, Split split) {
        Call call = Call.enter(code);
        int start = code.position();
        code.move(A_ROWS, Call.A);
        code.move(D_ROW, Call.D);
        code.move(C_ROW, Call.C);
        call.load(GROUPS, Call.SHAPE);
        int group = code.position();
        for (int row = 0; row < ROWS; row++) {
            code.load(SUMS + 2 * row, D_ROW, 0);
            code.load(SUMS + 2 * row + 1, D_ROW, Strips.TILE_COLUMNS * Float.BYTES);
            code.add(D_ROW, R9);
        }
        code.move(A_STEP, A_ROWS);
        code.move(B_STEP, Call.B);
        call.load(STEPS, Call.STEPS);
        int step = code.position();
        for (Split.Term term : split.terms()) term(code, term);
        code.add(A_STEP, (int) Strips.aStepBytes(split.aParts()));
        code.add(B_STEP, (int) Strips.bStepBytes(split.bParts()));
        code.loop(STEPS, step);
        for (int row = 0; row < ROWS; row++) {
            code.store(SUMS + 2 * row, C_ROW, 0);
            code.store(SUMS + 2 * row + 1, C_ROW, Strips.TILE_COLUMNS * Float.BYTES);
            code.add(C_ROW, R10);
        }
        code.add(A_ROWS, ROWS * Strips.ROW_BYTES);
        code.loop(GROUPS, group);
        call.advance(start);
        code.clearUpperHalves();
        call.leave();
    }

    private static void term(Assembler code, Split.Term term) {
        int a = term.a() * Strips.A_PART_BYTES, b = term.b() * Strips.B_PART_BYTES;
        for (int pair = 0; pair < Strips.PAIRS; pair++) {
            int left = B + 2 * pair % B_TURNS;
            code.load(left, B_STEP, b + pair * Strips.ROW_BYTES);
            code.load(left + 1, B_STEP, b + Strips.TILE_BYTES + pair * Strips.ROW_BYTES);
            for (int row = 0; row < ROWS; row++) {
                int element = A + (pair * ROWS + row) % A_TURNS;
                code.broadcast(element, A_STEP, a + row * Strips.ROW_BYTES + pair * Integer.BYTES);
                code.dotProduct(SUMS + 2 * row, element, left);
                code.dotProduct(SUMS + 2 * row + 1, element, left + 1);
            }
        }
    }
}
