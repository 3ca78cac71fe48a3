package io.bridgetower.engine.peak;

import io.bridgetower.engine.VectorModule;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.vector.Lanes;

/**
 * What the processor can do at most: multiply-adds on registers, in more independent chains than its latency takes. The
 * speed of everything else is a fraction of this.
 *
 * <p>Measured with machine code where that can run. Elsewhere the chains are compiled by C2, whose order of them leaves a tenth
 * to a third of the peak unused, from run to run: {@link #method} says which.
 */
public final class Peak {
    /** Some 50 µs of multiply-adds. */
    private static final int STEPS = 7_000;

    /** As short as a team can share out, and many: the best one was not interrupted. */
    private static final int ROUNDS = 1_000, RUNS_OF_A_THREAD = 2;

    private Peak() {}

    /** Floating-point operations of one {@link #run}: two for each multiply-add. */
    public static double operations() {
        VectorModule.require();
        return 2.0 * STEPS * MultiplyAdds.CHAINS * MultiplyAdds.IN_A_ROW * Lanes.COUNT;
    }

    /** Operations a second of several threads at once: the best of a thousand rounds, in less than a second. */
    public static double measure(int threads) {
        VectorModule.require();
        double best = 0;
        try (Workers workers = new Workers(threads)) {
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                float[] results = new float[threads * RUNS_OF_A_THREAD];
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
     * @return something that depends on the chains
     */
    public static float run() {
        VectorModule.require();
        return GeneratedMultiplyAdds.OBSTACLE == null ? GeneratedMultiplyAdds.run(STEPS)[0] : MultiplyAdds.run(STEPS);
    }

    /** How the peak is measured, for people: {@code machine code}, or the Vector API and why. */
    public static String method() {
        VectorModule.require();
        return GeneratedMultiplyAdds.OBSTACLE == null
                ? "machine code"
                : "the Vector API, as " + GeneratedMultiplyAdds.OBSTACLE;
    }
}
