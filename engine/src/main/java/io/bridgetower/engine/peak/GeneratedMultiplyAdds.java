package io.bridgetower.engine.peak;

import io.bridgetower.engine.code.MachineCode;
import io.bridgetower.engine.code.VectorAssembler;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.Arena;
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

    static {
        String obstacle = MachineCode.obstacle(Lanes.COUNT * Float.SIZE);
        MethodHandle run = null;
        if (obstacle == null) {
            run = MachineCode.function(code());
            if (run == null) obstacle = "the system allows no memory to be made executable";
        }
        RUN = run;
        OBSTACLE = obstacle;
    }

    private GeneratedMultiplyAdds() {}

    /** As {@link MultiplyAdds#run}; the result is every lane of every chain. */
    static float[] run(int steps) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(RESULTS + (long) CHAINS * Lanes.BYTES);
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, 0, MultiplyAdds.FACTOR);
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, 1, MultiplyAdds.ADDEND);
            RUN.invokeExact((long) steps, memory);
            return memory.asSlice(RESULTS).toArray(ValueLayout.JAVA_FLOAT);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("machine code throws nothing", e);
        }
    }

    private static byte[] code() {
        VectorAssembler code = new VectorAssembler(Lanes.COUNT * Float.SIZE);
        code.broadcast(X, 0);
        code.broadcast(Y, Float.BYTES);
        for (int chain = 0; chain < CHAINS; chain++) code.broadcast(chain, Float.BYTES);
        int start = code.position();
        for (int i = 0; i < MultiplyAdds.IN_A_ROW; i++) {
            for (int chain = 0; chain < CHAINS; chain++) code.multiplyAdd(chain, X, Y);
        }
        code.loop(start);
        for (int chain = 0; chain < CHAINS; chain++) code.store(chain, RESULTS + chain * Lanes.BYTES);
        code.end();
        return code.code();
    }
}
