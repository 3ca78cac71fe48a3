package io.bridgetower.engine.peak;

import static io.bridgetower.engine.vector.Lanes.F32;

import jdk.incubator.vector.FloatVector;

/** Multiply-adds on registers, as C2 orders them. */
final class MultiplyAdds {
    /** Chains that do not depend on each other. */
    static final int CHAINS = 12;

    /** Multiply-adds of each chain in a step. */
    static final int IN_A_ROW = 3;

    /** What every chain multiplies with, and what it adds and begins with. */
    static final float FACTOR = 0.9999f, ADDEND = 1e-4f;

    private MultiplyAdds() {}

    /**
     * Runs all chains.
     *
     * <p>Three multiply-adds in a row make the method too long (over 325 bytes) for C2 to inline: inlined into a loop of
     * the caller, it ran at 0.45 of the speed.
     *
     * @return something that depends on every chain
     */
    static float run(int steps) {
        FloatVector x = FloatVector.broadcast(F32, FACTOR), y = FloatVector.broadcast(F32, ADDEND);
        FloatVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int step = 0; step < steps; step++) {
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
