package io.bridgetower.engine.bf16;

import io.bridgetower.engine.code.Assembler;
import io.bridgetower.engine.code.MachineCode;
import java.lang.foreign.MemorySegment;

/** Calls what {@link DotProductCode} writes. */
final class DotProductKernel extends MachineKernel {
    private final MemorySegment function;

    private DotProductKernel(Split split, MemorySegment function) {
        super(split);
        this.function = function;
    }

    /** The kernel; null if the system allows no executable memory. */
    static DotProductKernel of(Split split) {
        Assembler code = new Assembler(512);
        DotProductCode.write(code, split);
        MemorySegment function = MachineCode.place(code.code());
        return function == null ? null : new DotProductKernel(split, function);
    }

    @Override
    int height(int rows) {
        return (int) shape(rows) * DotProductCode.ROWS;
    }

    @Override
    MemorySegment function(int rows, int count) {
        return function;
    }

    /** Groups of rows. */
    @Override
    long shape(int rows) {
        return Math.ceilDiv(rows, DotProductCode.ROWS);
    }
}
