package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.bridgetower.engine.Activation;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.matmul.PanelFormat;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ModelOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Vectors are values to the JIT compiler only while every method between their making and their use is inlined; otherwise
 * each is an object, a forward of this model makes fifty megabytes of them and takes many times as long. So once the
 * compiler has done its work, a call has to get by with little.
 */
class AllocationTest {
    private static final int MAX_CALLS = 4000;

    private static final int MAX_RUNS = 50_000;

    /** Of one product or attention: some objects of its own, but not one of 100 for each of its vectors, at least 240. */
    private static final long KERNEL_BYTES = 3000;

    /** Of one call: sequences, windows of matrices and the like, ten times less than if one kernel made objects. */
    private static final long ALLOWED_BYTES = 200_000;

    @Test
    void aWarmCallAllocatesNextToNothing() throws IOException {
        try (var model = BridgeTowerForImageAndTextRetrieval.load(
                Path.of(System.getProperty("bridgetower.root"), "models", "demo"), new ModelOptions(1))) {
            int side = model.trunk().config().visionConfig().imageSize();
            Tensor pixels = Tensor.allocate(Arena.ofAuto(), 1, 3, side, side);
            int[][] ids = {{0, 5, 6, 7, 8, 9, 10, 2}};
            long workspace = 0, least = Long.MAX_VALUE;
            for (int call = 0; call < MAX_CALLS; call++) {
                long before = allocatedBytes();
                model.logits(ids, null, pixels);
                least = Math.min(least, allocatedBytes() - before);
                if (call == 0) workspace = model.trunk().usage().workspaceBytes();
                assertEquals(workspace, model.trunk().usage().workspaceBytes(), "off the heap");
                if (least <= ALLOWED_BYTES) return;
            }
            fail("a call still allocates " + least + " bytes after " + MAX_CALLS);
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void aWarmProductAllocatesNextToNothing(Activation activation) {
        try (Workspace workspace = new Workspace(Workers.CALLER);
                Arena arena = Arena.ofShared()) {
            Tensor weight = Tensor.allocate(arena, 64, 64);
            Linear linear = Linear.pack(arena, Workers.CALLER, PanelFormat.F32, weight, null);
            Matrix x = workspace.matrix(60, 64), y = workspace.matrix(60, 64);
            Epilogue epilogue = Epilogue.activation(activation);
            assertComesToAllocate(KERNEL_BYTES, () -> linear.apply(workspace, x, epilogue, y));
        }
    }

    /** Keys of less than a panel, of a panel and a bit, and of more than a block of a sum. */
    @ParameterizedTest
    @ValueSource(ints = {16, 69, 900})
    void aWarmAttentionAllocatesNextToNothing(int keys) {
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            Matrix queries = workspace.matrix(60, 64), x = workspace.matrix(keys, 64), y = workspace.matrix(60, 64);
            queries.segment().fill((byte) 0);
            Attention.Sequence[] sequences = {new Attention.Sequence(0, 60, 0, keys, null)};
            long rowOffsets = 2L * Long.BYTES * keys;
            assertComesToAllocate(
                    KERNEL_BYTES + rowOffsets, () -> Attention.apply(workspace, 1, queries, x, x, sequences, y));
        }
    }

    /** Fails unless a run allocates at most so many bytes, once the compiler has done its work. */
    private static void assertComesToAllocate(long allowed, Runnable kernel) {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < MAX_RUNS && least > allowed; run++) {
            long before = allocatedBytes();
            kernel.run();
            least = Math.min(least, allocatedBytes() - before);
        }
        assertTrue(least <= allowed, "bytes: " + least);
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
