package io.bridgetower.engine.peak;

import static io.bridgetower.engine.code.Assembler.Register.RDI;
import static io.bridgetower.engine.code.Assembler.Register.RSI;

import io.bridgetower.engine.code.Assembler;
import io.bridgetower.engine.code.MachineCode;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The chains of {@link MultiplyAdds} in machine code, in an order that no compiler changes. */
final class GeneratedMultiplyAdds {
    private static final int CHAINS = MultiplyAdds.CHAINS, X = CHAINS, Y = CHAINS + 1;

    /** In the memory of a call: x, y, and from here on a vector of each chain. */
    private static final int RESULTS = 64;

    /** Why there is no such code here; null if there is. */
    static final String OBSTACLE;

    private static final MethodHandle RUN;
    private static final MemorySegment CODE;

    static {
        String obstacle = obstacle(Lanes.COUNT * Float.SIZE);
        MemorySegment place = null;
        MethodHandle run = null;
        if (obstacle == null) {
            place = MachineCode.place(code());
            if (place == null) obstacle = MachineCode.REFUSED;
            else run = MachineCode.caller(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        }
        RUN = run;
        CODE = place;
        OBSTACLE = obstacle;
    }

    private GeneratedMultiplyAdds() {}

    /** As {@link MultiplyAdds#run}; the result is every lane of every chain. */
    static float[] run(int steps) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(RESULTS + (long) CHAINS * Lanes.BYTES);
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, 0, MultiplyAdds.FACTOR);
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, 1, MultiplyAdds.ADDEND);
            RUN.invokeExact(CODE, (long) steps, memory);
            return memory.asSlice(RESULTS).toArray(ValueLayout.JAVA_FLOAT);
        } catch (Throwable e) {
            throw MachineCode.unexpected(e);
        }
    }

    private static String obstacle(int vectorBits) {
        return switch (vectorBits) {
            case 512 -> MachineCode.obstacle("avx512f");
            case 256 -> MachineCode.obstacle("fma");
            default -> "vectors have " + vectorBits + " bits";
        };
    }

    private static byte[] code() {
        Assembler code = new Assembler(Lanes.COUNT * Float.SIZE);
        code.broadcast(X, RSI, 0);
        code.broadcast(Y, RSI, Float.BYTES);
        for (int chain = 0; chain < CHAINS; chain++) code.broadcast(chain, RSI, Float.BYTES);
        int start = code.position();
        for (int i = 0; i < MultiplyAdds.IN_A_ROW; i++) {
            for (int chain = 0; chain < CHAINS; chain++) code.multiplyAdd(chain, X, Y);
        }
        code.loop(RDI, start);
        for (int chain = 0; chain < CHAINS; chain++) code.store(chain, RSI, RESULTS + chain * Lanes.BYTES);
        code.clearUpperHalves();
        code.end();
        return code.code();
    }
}
