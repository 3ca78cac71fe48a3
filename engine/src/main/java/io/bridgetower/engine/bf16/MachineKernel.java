package io.bridgetower.engine.bf16;

import io.bridgetower.engine.code.MachineCode;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.Objects;

/** Calls a kernel of machine code. */
abstract sealed class MachineKernel implements Bf16Kernel permits TileKernel, DotProductKernel {
    private static final MethodHandle CALL = MachineCode.caller(Call.DESCRIPTOR);

    private final long aStep, bStep;

    MachineKernel(Split split) {
        aStep = Strips.aStepBytes(split.aParts());
        bStep = Strips.bStepBytes(split.bParts());
    }

    @Override
    public void run(Operand a, Operand b, Window d, Window c, int steps, int rows, int count) {
        check(a, count, steps * aStep);
        check(b, count, steps * bStep);
        check(d, count, height(rows));
        check(c, count, height(rows));
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
    abstract int height(int rows);

    /** The function for so many rows of as many strips. */
    abstract MemorySegment function(int rows, int count);

    /** What the function takes for the shape of a strip. */
    abstract long shape(int rows);
}
