package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/** Runs the kernels until they are compiled, and only then has the JVM load the classes of segments on the heap. */
final class SegmentClassesRun {
    private SegmentClassesRun() {}

    public static void main(String[] args) throws InterruptedException {
        try (KernelWarmUp warmUp = KernelWarmUp.start(WeightPrecision.F32, Activation.GELU)) {
            while (warmUp.running()) TimeUnit.MILLISECONDS.sleep(10);
        }
        MemorySegment.ofArray(new byte[1]);
        MemorySegment.ofArray(new char[1]);
        MemorySegment.ofArray(new short[1]);
        MemorySegment.ofArray(new int[1]);
        MemorySegment.ofArray(new long[1]);
        MemorySegment.ofArray(new float[1]);
        MemorySegment.ofArray(new double[1]);
    }
}
