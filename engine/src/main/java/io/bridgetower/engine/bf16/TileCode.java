package io.bridgetower.engine.bf16;

import static io.bridgetower.engine.code.Assembler.Register.*;

import io.bridgetower.engine.code.Assembler;
import io.bridgetower.engine.code.Assembler.Register;
import java.util.List;

/**
 * Writes the kernel for the tiles of AMX-BF16. Four tiles hold the sums of a strip, or two where it has at most 16 rows; two
 * the rows of a step and a part of A, and two the columns of B. A step of two strips and one term takes 64 cycles, and
 * loads 4 KB, which the second-level cache can just deliver.
 */
final class TileCode {
    /** Tiles: sums of the upper and the lower rows, by columns; rows of A; columns of B. */
    private static final int SUMS = 0, A = 4, B = 6;

    /** Registers: where the next step is read, its number, and the rows of a tile as they are apart. */
    private static final Register A_STEP = RAX, B_STEP = RBX, STEPS = R8, PITCH = R11;

    private final Assembler code;
    private final Split split;
    private final boolean isLow;

    private TileCode(Assembler code, Split split, boolean isLow) {
        this.code = code;
        this.split = split;
        this.isLow = isLow;
    }

    /**
     * Appends the function.
     *
     * @param isLow whether a strip has at most 16 rows
     * @param prefetched cache lines of B that are brought near in each step
     */
    static void write(Assembler code, Split split, boolean isLow, int prefetched) {
        new TileCode(code, split, isLow).write(prefetched);
    }

    private void write(int prefetched) {
        Call call = Call.enter(code);
        call.load(R14, Call.SHAPE);
        code.configureTiles(R14, 0);
        code.move(PITCH, Strips.ROW_BYTES);
        call.load(R15, Call.PREFETCH);
        int start = code.position();
        sums(false, Call.D, R9);
        code.move(A_STEP, Call.A);
        code.move(B_STEP, Call.B);
        call.load(STEPS, Call.STEPS);
        int step = code.position();
        step();
        for (int line = 0; line < prefetched; line++) code.prefetch(R15, line * Strips.ROW_BYTES);
        if (prefetched > 0) code.add(R15, prefetched * Strips.ROW_BYTES);
        code.add(A_STEP, (int) Strips.aStepBytes(split.aParts()));
        code.add(B_STEP, (int) Strips.bStepBytes(split.bParts()));
        code.loop(STEPS, step);
        sums(true, Call.C, R10);
        call.advance(start);
        code.releaseTiles();
        call.leave();
    }

    /** Moves the sums from memory to the tiles, or back. */
    private void sums(boolean store, Register at, Register stride) {
        code.move(R14, stride);
        code.shiftLeft(R14, 4);
        code.add(R14, at);
        for (int sum = 0; sum < (isLow ? 2 : 4); sum++) {
            Register base = sum < 2 ? at : R14;
            int column = sum % 2 * Strips.TILE_COLUMNS * Float.BYTES;
            if (store) code.storeTile(SUMS + sum, base, stride, column);
            else code.loadTile(SUMS + sum, base, stride, column);
        }
    }

    private void step() {
        List<Split.Term> terms = split.terms();
        int a = -1, b = -1;
        for (Split.Term term : terms) {
            boolean newA = term.a() != a, newB = term.b() != b;
            a = term.a();
            b = term.b();
            if (newA) loadA(0, a);
            if (newB) loadB(0, b);
            code.multiplyTiles(SUMS, A, B);
            if (newB) loadB(1, b);
            code.multiplyTiles(SUMS + 1, A, B + 1);
            if (isLow) continue;
            if (newA) loadA(1, a);
            code.multiplyTiles(SUMS + 2, A + 1, B);
            code.multiplyTiles(SUMS + 3, A + 1, B + 1);
        }
    }

    private void loadA(int tile, int part) {
        code.loadTile(A + tile, A_STEP, PITCH, part * Strips.A_PART_BYTES + tile * Strips.TILE_BYTES);
    }

    private void loadB(int tile, int part) {
        code.loadTile(B + tile, B_STEP, PITCH, part * Strips.B_PART_BYTES + tile * Strips.TILE_BYTES);
    }
}
