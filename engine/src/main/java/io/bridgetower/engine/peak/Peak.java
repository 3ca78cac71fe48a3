package io.bridgetower.engine.peak;

import io.bridgetower.engine.VectorModule;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.vector.Lanes;

/**
 * What the processor can do at most: multiply-adds on registers, in more independent chains than its latency takes. The
 * speed of everything else is a fraction of this.
 */
public final class Peak {
    private static final int STEPS = 7_000;
    private static final int ROUNDS = 40;

    private Peak() {}

    /** Floating-point operations of one {@link #run}: two for each multiply-add. */
    public static double operations() {
        VectorModule.require();
        return 2.0 * STEPS * MultiplyAdds.OF_A_STEP * Lanes.COUNT;
    }

    /** Operations a second of several threads at once: the best of a few dozen rounds, in less than a second. */
    public static double measure(int threads) {
        VectorModule.require();
        double best = 0;
        try (Workers workers = new Workers(threads)) {
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                float[] results = new float[threads * 8];
                workers.run(results.length, (slot, task) -> results[task] = run());
                best = Math.max(best, results.length * operations() / ((System.nanoTime() - start) / 1e9));
                if (Float.isNaN(results[0])) throw new AssertionError("multiply-adds of small numbers");
            }
        }
        return best;
    }

    /**
     * One run.
     *
     * @return something that depends on every chain
     */
    public static float run() {
        VectorModule.require();
        return MultiplyAdds.run(STEPS);
    }
}
