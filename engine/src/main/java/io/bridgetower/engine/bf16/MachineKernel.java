package io.bridgetower.engine.bf16;

import io.bridgetower.engine.code.Assembler;
import io.bridgetower.engine.code.MachineCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Calls a kernel of machine code. */
final class MachineKernel implements Bf16Kernel {
    private static final MethodHandle CALL = MachineCode.caller(Call.DESCRIPTOR);

    /**
     * Cache lines of B, for each part, that are brought near in a step, while this strip meets those of A: with all of them,
     * the next strip of B.
     */
    private static final int[] LINES = {4, 8, 16, 32};

    private static final int CACHE_LINE = 64;
    private static final long TILE_SHAPE_BYTES = 64;

    private final long aStep, bStep;
    private final List<MemorySegment> functions;
    private final MemorySegment tileShapes;

    private MachineKernel(Split split, List<MemorySegment> functions, MemorySegment tileShapes) {
        aStep = Strips.aStepBytes(split.aParts());
        bStep = Strips.bStepBytes(split.bParts());
        this.functions = functions;
        this.tileShapes = tileShapes;
    }

    /** The kernel for tiles; null if the system allows no executable memory. */
    static MachineKernel tiles(Split split) {
        Assembler code = new Assembler(512);
        List<Integer> starts = new ArrayList<>();
        for (int lines : LINES) {
            for (boolean isLow : new boolean[] {false, true}) {
                starts.add(code.position());
                TileCode.write(code, split, isLow, lines * split.bParts());
            }
        }
        return place(split, code, starts, tileShapes());
    }

    /** The kernel for dot products; null if the system allows no executable memory. */
    static MachineKernel dotProducts(Split split) {
        Assembler code = new Assembler(512);
        DotProductCode.write(code, split);
        return place(split, code, List.of(0), null);
    }

    private static MachineKernel place(Split split, Assembler code, List<Integer> starts, MemorySegment tileShapes) {
        MemorySegment memory = MachineCode.place(code.code());
        if (memory == null) return null;
        return new MachineKernel(split, starts.stream().map(memory::asSlice).toList(), tileShapes);
    }

    /** The shapes of all tiles, as {@code ldtilecfg} reads them, for every number of rows of a strip. */
    private static MemorySegment tileShapes() {
        MemorySegment shapes = Arena.global().allocate((Strips.ROWS + 1) * TILE_SHAPE_BYTES, TILE_SHAPE_BYTES);
        for (int rows = 1; rows <= Strips.ROWS; rows++) {
            int upper = Math.min(rows, Strips.TILE_ROWS), lower = rows - upper;
            int[] rowsOfTiles = {upper, upper, lower, lower, upper, lower, Strips.PAIRS, Strips.PAIRS};
            long at = rows * TILE_SHAPE_BYTES;
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
    public void run(Operand a, Operand b, Window d, Window c, int steps, int rows, int count) {
        check(a, count, steps * aStep);
        check(b, count, steps * bStep);
        check(d, count, heightOf(rows));
        check(c, count, heightOf(rows));
        long aAt = a.segment().address() + a.at(), bAt = b.segment().address() + b.at();
        try {
            CALL.invokeExact(
                    function(rows, count),
                    aAt,
                    bAt,
                    MemorySegment.ofArray(d.array()),
                    MemorySegment.ofArray(c.array()),
                    (long) d.at() * Float.BYTES,
                    (long) c.at() * Float.BYTES,
                    (long) steps,
                    (long) count,
                    (long) d.stride() * Float.BYTES,
                    (long) c.stride() * Float.BYTES,
                    a.advance(),
                    b.advance(),
                    (long) d.advance() * Float.BYTES,
                    (long) c.advance() * Float.BYTES,
                    shape(rows),
                    bAt + steps * bStep);
        } catch (Throwable e) {
            throw MachineCode.unexpected(e);
        } finally {
            Reference.reachabilityFence(a);
            Reference.reachabilityFence(b);
        }
    }

    /** What the JVM would check of its own code: machine code reads and writes whatever it is told. */
    private static void check(Operand operand, int count, long bytes) {
        if (!operand.segment().scope().isAlive()) throw new IllegalStateException("the memory of an operand is freed");
        long all = (count - 1) * operand.advance() + bytes;
        Objects.checkFromIndexSize(operand.at(), all, operand.segment().byteSize());
    }

    private static void check(Window window, int count, int rows) {
        long all = (count - 1L) * window.advance() + (rows - 1L) * window.stride() + Strips.COLUMNS;
        Objects.checkFromIndexSize(window.at(), all, window.array().length);
    }

    /** Rows that are read and written of so many. */
    private int heightOf(int rows) {
        return tileShapes == null ? Math.ceilDiv(rows, DotProductCode.ROWS) * DotProductCode.ROWS : rows;
    }

    private MemorySegment function(int rows, int count) {
        if (tileShapes == null) return functions.getFirst();
        int lines = 0;
        while (LINES[lines] * count < Strips.B_PART_BYTES / CACHE_LINE) lines++;
        return functions.get(2 * lines + (rows <= Strips.TILE_ROWS ? 1 : 0));
    }

    private long shape(int rows) {
        if (tileShapes == null) return heightOf(rows) / DotProductCode.ROWS;
        return tileShapes.address() + rows * TILE_SHAPE_BYTES;
    }
}
