package io.bridgetower.engine.bf16;

import static io.bridgetower.engine.code.Assembler.Register.*;

import io.bridgetower.engine.code.Assembler;
import io.bridgetower.engine.code.Assembler.Register;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;

/**
 * The interface of kernels of machine code, by the System V convention: addresses of A and B, arrays of D and C, bytes from
 * their starts to the windows, and the numbers below. Inside, registers hold where A, B, D and C are, how far apart rows of D
 * ({@code r9}) and of C ({@code r10}) are, and how many strips are left ({@code r13}); {@code rax}, {@code rbx}, {@code r8},
 * {@code r11}, {@code r12}, {@code r14} and {@code r15} are free.
 */
final class Call {
    static final Register A = RDI, B = RSI, D = RDX, C = RCX;

    /** Numbers on the stack, in this order: all in bytes but the first two. */
    static final int STEPS = 0,
            COUNT = 1,
            D_STRIDE = 2,
            C_STRIDE = 3,
            A_ADVANCE = 4,
            B_ADVANCE = 5,
            D_ADVANCE = 6,
            C_ADVANCE = 7,
            SHAPE = 8,
            PREFETCH = 9;

    static final FunctionDescriptor DESCRIPTOR = FunctionDescriptor.ofVoid(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG);

    /** What a function has to leave as it was. */
    private static final Register[] SAVED = {RBX, R12, R13, R14, R15};

    /** From the stack's top to the numbers: what was saved, and where the call returns to. */
    private static final int NUMBERS = (SAVED.length + 1) * Long.BYTES;

    private final Assembler code;

    private Call(Assembler code) {
        this.code = code;
    }

    static Call enter(Assembler code) {
        for (Register register : SAVED) code.push(register);
        Call call = new Call(code);
        code.add(D, R8);
        code.add(C, R9);
        call.load(R9, D_STRIDE);
        call.load(R10, C_STRIDE);
        call.load(R13, COUNT);
        return call;
    }

    void load(Register to, int number) {
        code.load(to, RSP, NUMBERS + number * Long.BYTES);
    }

    /** Goes to {@code start} for the next strips, unless none are left. */
    void advance(int start) {
        code.add(A, RSP, NUMBERS + A_ADVANCE * Long.BYTES);
        code.add(B, RSP, NUMBERS + B_ADVANCE * Long.BYTES);
        code.add(D, RSP, NUMBERS + D_ADVANCE * Long.BYTES);
        code.add(C, RSP, NUMBERS + C_ADVANCE * Long.BYTES);
        code.loop(R13, start);
    }

    void leave() {
        for (int i = SAVED.length - 1; i >= 0; i--) code.pop(SAVED[i]);
        code.end();
    }
}
