package io.bridgetower.engine;

import static io.bridgetower.engine.VectorWidth.F32;

import jdk.incubator.vector.FloatVector;

/**
 * What the processor can do at most: multiply-adds on registers, in more independent chains than its latency takes. The
 * speed of everything else is a fraction of this.
 */
public final class Peak {
    private static final int STEPS = 7_000;
    private static final int CHAINS = 12;
    private static final int IN_A_ROW = 3;
    private static final int ROUNDS = 40;

    private Peak() {}

    /** Floating-point operations of one {@link #run}: two for each multiply-add. */
    public static double operations() {
        return 2.0 * STEPS * IN_A_ROW * CHAINS * VectorWidth.LANES;
    }

    /** Operations a second of several threads at once: the best of a few dozen rounds, in less than a second. */
    public static double measure(int threads) {
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
     * <p>Three multiply-adds in a row make the method too long (over 325 bytes) for C2 to inline: inlined into a loop of
     * the caller, it ran at 0.45 of the speed.
     *
     * @return something that depends on every chain
     */
    public static float run() {
        FloatVector x = FloatVector.broadcast(F32, 0.9999f), y = FloatVector.broadcast(F32, 1e-4f);
        FloatVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int step = 0; step < STEPS; step++) {
            a = a.fma(x, y).fma(x, y).fma(x, y);
            b = b.fma(x, y).fma(x, y).fma(x, y);
            c = c.fma(x, y).fma(x, y).fma(x, y);
            d = d.fma(x, y).fma(x, y).fma(x, y);
            e = e.fma(x, y).fma(x, y).fma(x, y);
            f = f.fma(x, y).fma(x, y).fma(x, y);
            g = g.fma(x, y).fma(x, y).fma(x, y);
            h = h.fma(x, y).fma(x, y).fma(x, y);
            i = i.fma(x, y).fma(x, y).fma(x, y);
            j = j.fma(x, y).fma(x, y).fma(x, y);
            k = k.fma(x, y).fma(x, y).fma(x, y);
            l = l.fma(x, y).fma(x, y).fma(x, y);
        }
        return a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .lane(0);
    }
}
