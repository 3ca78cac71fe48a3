package io.bridgetower.engine.bf16;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.Scalar;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.matmul.PanelFormat;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Computes the same products in many threads of both kinds, while garbage is collected, and compares every bit. */
final class ManyThreadsRun {
    private static final int ROWS = 77, IN = 200, OUT = 96, ROUNDS = 12, THREADS = 8, VIRTUAL_THREADS = 24;

    /** Heap that is soon full of garbage. */
    private static final int GARBAGE = 1 << 18;

    private static final Arena ARENA = Arena.global();
    private static final PanelFormat FORMAT = PanelFormat.of(WeightPrecision.F32, ProductPrecision.BF16X3);

    private final Linear linear;
    private final Matrix x;

    private ManyThreadsRun() {
        Random random = new Random(1);
        linear = Linear.pack(
                ARENA,
                Workers.CALLER,
                FORMAT,
                Scalar.random(random, ARENA, OUT, IN),
                Scalar.random(random, ARENA, OUT));
        x = Matrix.of(Scalar.random(random, ARENA, ROWS, IN));
    }

    public static void main(String[] args) throws Exception {
        ManyThreadsRun run = new ManyThreadsRun();
        float[] expected = run.compute(Workers.CALLER);
        try (ExecutorService platform = Executors.newFixedThreadPool(THREADS);
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> results = new ArrayList<>();
            Callable<Integer> task = () -> run.differences(expected);
            for (int i = 0; i < THREADS; i++) results.add(platform.submit(task));
            for (int i = 0; i < VIRTUAL_THREADS; i++) results.add(virtual.submit(task));
            int differences = 0;
            for (Future<Integer> result : results) {
                System.gc();
                differences += result.get();
            }
            try (Workers team = new Workers(THREADS)) {
                if (!Arrays.equals(expected, run.compute(team))) differences++;
            }
            System.out.println(differences + " differences");
        }
    }

    private int differences(float[] expected) {
        int differences = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] garbage = new byte[GARBAGE];
            garbage[round] = 1;
            if (!Arrays.equals(expected, compute(Workers.CALLER))) differences += garbage[round];
        }
        return differences;
    }

    /** A layer, and attention to its own output. */
    private float[] compute(Workers workers) {
        try (Workspace workspace = new Workspace(workers)) {
            Matrix y = linear.apply(workspace, x, Epilogue.NONE), z = workspace.matrix(ROWS, OUT);
            Attention.apply(
                    workspace,
                    Attention.Form.of(OUT / Strips.DEPTH).with(FORMAT),
                    new Attention.Operands(y, y, y),
                    Attention.Pattern.of(new Attention.Sequence(0, ROWS, 0, ROWS, null)),
                    z);
            return z.toArray();
        }
    }
}
