package io.bridgetower.bench;

import io.bridgetower.engine.VectorWidth;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What the processor can do at most: multiply-adds on registers, in more independent chains than its latency takes. The
 * score of everything else is a fraction of this.
 */
@State(Scope.Thread)
public class PeakBenchmark {
    private static final VectorSpecies<Float> F32 =
            VectorSpecies.of(float.class, VectorShape.forBitSize(VectorWidth.bits()));
    private static final int STEPS = 100_000;
    private static final int CHAINS = 12;

    private float factor = 0.9999f;
    private float addend = 1e-4f;

    /** Floating-point operations of one call: two for each multiply-add. */
    public static double operations() {
        return 2.0 * STEPS * CHAINS * F32.length();
    }

    /** @return something that depends on every chain */
    @Benchmark
    public FloatVector multiplyAdd() {
        FloatVector x = FloatVector.broadcast(F32, factor), y = FloatVector.broadcast(F32, addend);
        FloatVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int step = 0; step < STEPS; step++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
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
                .add(l);
    }
}
