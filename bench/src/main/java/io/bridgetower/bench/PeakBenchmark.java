package io.bridgetower.bench;

import io.bridgetower.engine.Peak;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * {@link Peak}, which the score of everything else is a fraction of. It must not be inlined into JMH's loop: after some
 * 100,000 runs C2 compiles the two loops as one, at 0.45 of the speed.
 */
@State(Scope.Thread)
public class PeakBenchmark {
    /** @return something that depends on every chain */
    @Benchmark
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    public float multiplyAdd() {
        return Peak.run();
    }
}
