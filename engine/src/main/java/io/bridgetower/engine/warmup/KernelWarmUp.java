package io.bridgetower.engine.warmup;

import static java.lang.System.Logger.Level.WARNING;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.FloatPanels;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.matmul.PanelFormat;
import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs the kernels on small operands while a model loads, so that the JIT compiler is done with them when the
 * first call comes: with a base model on two cores, that takes 0.65 s instead of 3 s, and loading 0.6 s longer.
 *
 * <p>Small means short sums. What makes a first call slow is the micro-kernel, whose vectors are objects until it is
 * compiled. Begun with long sums, the compiler replaces the running loop first (on-stack replacement), with 24 vectors
 * to take over from the interpreter, which takes it ten times longer than compiling the method; and then it does so
 * again, having left out what the loop is followed by. Called often with short sums, the method is compiled whole.
 *
 * <p>It is done once in a process for each {@link PanelFormat}, in its own thread until {@link #close}. A JVM
 * without its optimizing compiler gets a warning instead.
 */
public final class KernelWarmUp implements AutoCloseable {
    /** After so many the compiler has done most of its work; more take processor time from loading. */
    private static final int ROUNDS = 1000;

    /** Sums of several blocks come when the micro-kernel is compiled, and seldom. */
    private static final int FIRST_DEEP_ROUND = 300, DEEP_EVERY = 10;

    /** A full tile and a part of one. */
    private static final int ROWS = TileShape.MAX_ROWS + TileShape.PART_ROWS;

    private static final int IN = 24;
    private static final int OUT = 5 * TileShape.PANEL;
    private static final int DEEP = TileShape.MAX_K + IN;

    /**
     * More than a panel by less than a vector, and odd, as an image's tokens are: else the compiler leaves out the end that
     * an odd sum has in turns of two {@linkplain TileShape#steps steps}, and begins anew when it comes.
     */
    private static final int KEYS = TileShape.PANEL + 3;

    private static final int HEADS = 2;
    private static final int FEW_KEYS = KEYS / HEADS;
    private static final int WIDTH = 64;

    /** Whether vectors can become registers. */
    private static final boolean OPTIMIZED = optimized();

    private static final Set<PanelFormat> DONE = ConcurrentHashMap.newKeySet();

    private final PanelFormat format;
    private final Activation[] activations;
    private final Thread thread;
    private volatile boolean stopped;

    private KernelWarmUp(PanelFormat format, Activation[] activations) {
        this.format = format;
        this.activations = activations;
        thread = Thread.ofPlatform().daemon().name("bridgetower-warm-up").unstarted(this::run);
    }

    /**
     * Starts, unless it has been done before.
     *
     * @param format of the model's matrices
     * @param activations of its products
     */
    public static KernelWarmUp start(PanelFormat format, Activation... activations) {
        KernelWarmUp warmUp = new KernelWarmUp(format, activations);
        if (OPTIMIZED && !DONE.contains(format)) warmUp.thread.start();
        return warmUp;
    }

    /** Runs the kernels to the end on the calling thread, unless it has been done before. */
    public static void complete(PanelFormat format, Activation... activations) {
        if (OPTIMIZED && !DONE.contains(format)) new KernelWarmUp(format, activations).run();
    }

    private static boolean optimized() {
        String vm = System.getProperty("java.vm.info", "");
        if (!vm.contains("emulated-client") && !vm.contains("interpreted")) return true;
        String message =
                "the JVM runs without its optimizing compiler (" + vm + "): every vector is an object, and a call"
                        + " takes hundreds of times as long. Leave out -XX:TieredStopAtLevel and -Xint.";
        System.getLogger(KernelWarmUp.class.getName()).log(WARNING, message);
        return false;
    }

    /** Whether kernels are being run. */
    boolean running() {
        return thread.isAlive();
    }

    /** Stops after the kernel that is running, and waits for it. */
    @Override
    public void close() {
        stopped = true;
        boolean interrupted = false;
        while (running()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void run() {
        // Shared, as a model's is: the compiler tells kinds of segments apart.
        try (Arena arena = Arena.ofShared();
                Workspace workspace = new Workspace(Workers.CALLER)) {
            List<Runnable> kernels = kernels(arena, workspace);
            Runnable deep = deepProduct(arena, workspace);
            for (int round = 0; round < ROUNDS; round++) {
                for (Runnable kernel : kernels) {
                    if (stopped) return;
                    kernel.run();
                }
                if (round >= FIRST_DEEP_ROUND && round % DEEP_EVERY == 0) deep.run();
            }
            DONE.add(format);
        }
    }

    private List<Runnable> kernels(Arena arena, Workspace workspace) {
        Linear wide = linear(arena, OUT, IN), narrow = linear(arena, IN, IN);
        LayerNorm norm = new LayerNorm(arena, random(arena, OUT), random(arena, OUT), 1e-5f);
        Matrix x = workspace.matrix(ROWS, IN), y = workspace.matrix(ROWS, OUT), z = workspace.matrix(ROWS, OUT);
        Matrix u = workspace.matrix(ROWS, IN);
        Matrix queries = workspace.matrix(ROWS, WIDTH), keys = workspace.matrix(KEYS, WIDTH);
        Matrix context = workspace.matrix(ROWS, WIDTH);
        Attention.Sequence[] sequences = {new Attention.Sequence(0, ROWS, 0, KEYS, null)};
        List<Runnable> kernels = new ArrayList<>();
        for (Activation activation : activations) {
            kernels.add(() -> wide.apply(workspace, x, Epilogue.activation(activation), y));
            kernels.add(() -> narrow.feedForward(workspace, x, activation, narrow, null, u));
        }
        kernels.add(() -> wide.apply(workspace, x, Epilogue.NONE, y));
        kernels.add(() -> wide.apply(workspace, x, Epilogue.residual(y), z));
        if (format instanceof FloatPanels panels && panels.widens(FloatPanels.TILES_PER_WIDENING)) {
            int many = FloatPanels.TILES_PER_WIDENING * TileShape.MAX_ROWS;
            Matrix tall = workspace.matrix(many, IN), product = workspace.matrix(many, IN);
            kernels.add(() -> narrow.apply(workspace, tall, Epilogue.NONE, product));
        }
        kernels.add(() -> norm.apply(workspace, z, y));
        kernels.add(() -> norm.applySum(workspace, z, 1f, y, 1f, y));
        Attention.Operands attended = new Attention.Operands(queries, keys, keys);
        Attention.Form whole = Attention.Form.of(HEADS).with(format);
        kernels.add(() -> Attention.apply(workspace, whole, attended, Attention.Pattern.of(sequences), context));
        if (!format.isCutAnywhere()) return kernels;
        Attention.Form form = new Attention.Form(HEADS, false, null, WIDTH);
        Attention.Sequence[] few = {new Attention.Sequence(0, ROWS, 0, FEW_KEYS, null)};
        Matrix wideKeys = workspace.matrix(HEADS * FEW_KEYS, WIDTH + 1), values = keys.rows(0, wideKeys.rows());
        kernels.add(() -> Attention.toFewKeys(
                workspace,
                form,
                new Attention.Operands(queries, wideKeys, values),
                Attention.Pattern.of(few),
                queries,
                context));
        return kernels;
    }

    private Runnable deepProduct(Arena arena, Workspace workspace) {
        Linear deep = linear(arena, OUT, DEEP);
        Matrix x = workspace.matrix(ROWS, DEEP), y = workspace.matrix(ROWS, OUT), z = workspace.matrix(ROWS, OUT);
        return () -> deep.apply(workspace, x, Epilogue.residual(y), z);
    }

    private Linear linear(Arena arena, int out, int in) {
        return Linear.pack(arena, Workers.CALLER, format, random(arena, out, in), random(arena, out));
    }

    private static Tensor random(Arena arena, int... shape) {
        Random random = new Random(shape[0]);
        Tensor tensor = Tensor.allocate(arena, shape);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat());
        }
        return tensor;
    }
}
