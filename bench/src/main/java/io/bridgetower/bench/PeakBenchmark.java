package io.bridgetower.bench;

import io.bridgetower.engine.peak.Peak;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@link Peak}, which the score of everything else is a fraction of. */
@State(Scope.Thread)
public class PeakBenchmark {
    /** @return something that depends on every chain */
    @Benchmark
    public float multiplyAdd() {
        return Peak.run();
    }
}
