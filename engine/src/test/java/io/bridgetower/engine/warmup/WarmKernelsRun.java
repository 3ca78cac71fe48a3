package io.bridgetower.engine.warmup;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.matmul.PanelFormat;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/** Runs the kernels until they are compiled, and only then something that they have not met. */
final class WarmKernelsRun {
    private static final int TOKENS = 325;

    /** So wide that the panels of the keys and values are more than a workspace's first piece of memory, and fill another. */
    private static final int WIDTH = 1024;

    /** What comes afterwards; the first argument. */
    enum Then {
        /** The JVM loads the classes of segments on the heap. */
        OTHER_SEGMENTS,
        /** An image's tokens attend to each other. */
        IMAGE
    }

    private WarmKernelsRun() {}

    public static void main(String[] args) throws InterruptedException {
        try (KernelWarmUp warmUp = KernelWarmUp.start(PanelFormat.F32, Activation.GELU)) {
            while (warmUp.running()) TimeUnit.MILLISECONDS.sleep(10);
        }
        switch (Then.valueOf(args[0])) {
            case OTHER_SEGMENTS -> loadSegments();
            case IMAGE -> attend();
        }
    }

    private static void loadSegments() {
        MemorySegment.ofArray(new byte[1]);
        MemorySegment.ofArray(new char[1]);
        MemorySegment.ofArray(new short[1]);
        MemorySegment.ofArray(new int[1]);
        MemorySegment.ofArray(new long[1]);
        MemorySegment.ofArray(new float[1]);
        MemorySegment.ofArray(new double[1]);
    }

    private static void attend() {
        try (Workspace rows = new Workspace(Workers.CALLER);
                Workspace workspace = new Workspace(Workers.CALLER)) {
            Matrix x = rows.matrix(TOKENS, WIDTH), y = rows.matrix(TOKENS, WIDTH);
            x.segment().fill((byte) 0);
            Attention.Sequence[] whole = {new Attention.Sequence(0, TOKENS, 0, TOKENS, null)};
            Attention.apply(workspace, 1, x, x, x, whole, y);
        }
    }
}
