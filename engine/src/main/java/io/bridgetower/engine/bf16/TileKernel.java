package io.bridgetower.engine.bf16;

import io.bridgetower.engine.code.Assembler;
import io.bridgetower.engine.code.MachineCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Calls what {@link TileCode} writes. */
final class TileKernel extends MachineKernel {
    /**
     * Cache lines of B, for each part, that are brought near in a step, while this strip meets those of A: with all of them,
     * the next strip of B.
     */
    private static final int[] LINES = {4, 8, 16, 32};

    private static final int CACHE_LINE = 64;
    private static final long SHAPE_BYTES = 64;

    /** The shapes of all tiles, as {@code ldtilecfg} reads them, for every number of rows of a strip. */
    private static final MemorySegment SHAPES = shapes();

    /** For each number of lines, the function for all rows, and for the upper half. */
    private final List<MemorySegment> functions;

    private TileKernel(Split split, List<MemorySegment> functions) {
        super(split);
        this.functions = functions;
    }

    /** The kernel; null if the system allows no executable memory. */
    static TileKernel of(Split split) {
        Assembler code = new Assembler(512);
        List<Integer> starts = new ArrayList<>();
        for (int lines : LINES) {
            for (boolean isLow : new boolean[] {false, true}) {
                starts.add(code.position());
                TileCode.write(code, split, isLow, lines * split.bParts());
            }
        }
        MemorySegment memory = MachineCode.place(code.code());
        if (memory == null) return null;
        return new TileKernel(split, starts.stream().map(memory::asSlice).toList());
    }

    private static MemorySegment shapes() {
        MemorySegment shapes = Arena.global().allocate((Strips.ROWS + 1) * SHAPE_BYTES, SHAPE_BYTES);
        for (int rows = 1; rows <= Strips.ROWS; rows++) {
            int upper = Math.min(rows, Strips.TILE_ROWS), lower = rows - upper;
            int[] rowsOfTiles = {upper, upper, lower, lower, upper, lower, Strips.PAIRS, Strips.PAIRS};
            long at = rows * SHAPE_BYTES;
            shapes.set(ValueLayout.JAVA_BYTE, at, (byte) 1);
            for (int tile = 0; tile < rowsOfTiles.length; tile++) {
                if (rowsOfTiles[tile] == 0) continue;
                shapes.set(ValueLayout.JAVA_SHORT, at + 16 + tile * Short.BYTES, (short) Strips.ROW_BYTES);
                shapes.set(ValueLayout.JAVA_BYTE, at + 48 + tile, (byte) rowsOfTiles[tile]);
            }
        }
        return shapes;
    }

    @Override
    int height(int rows) {
        return rows;
    }

    @Override
    MemorySegment function(int rows, int count) {
        int lines = 0;
        while (LINES[lines] * count < Strips.B_PART_BYTES / CACHE_LINE) lines++;
        return functions.get(2 * lines + (rows <= Strips.TILE_ROWS ? 1 : 0));
    }

    @Override
    long shape(int rows) {
        return SHAPES.address() + rows * SHAPE_BYTES;
    }
}
