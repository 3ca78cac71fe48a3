package io.bridgetower.bench;

import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Self-attention over the tokens of an image, 12 heads of 64. */
@State(Scope.Benchmark)
public class AttentionBenchmark {
    private static final int HEADS = 12;
    private static final int HIDDEN = 768;

    /** Tokens of an image of 288 and of 384 pixels. */
    @Param({"325", "577"})
    public int tokens;

    /** Threads of the engine. */
    @Param({"1", "2"})
    public int workers;

    private Workers team;
    private Workspace workspace;
    private Matrix qkv;
    private Matrix out;
    private Attention.Sequence[] sequences;

    /** Floating-point operations of the two products of one call. */
    static double operations(int tokens) {
        return 4.0 * tokens * tokens * HIDDEN;
    }

    @Setup
    public void setUp() {
        team = new Workers(workers);
        workspace = new Workspace(team);
        qkv = workspace.matrix(tokens, 3 * HIDDEN);
        out = workspace.matrix(tokens, HIDDEN);
        Numbers.fill(qkv, new Random(1));
        sequences = new Attention.Sequence[] {new Attention.Sequence(0, tokens, 0, tokens, null)};
    }

    @Benchmark
    public Matrix attend() {
        Matrix k = qkv.columns(HIDDEN, HIDDEN), v = qkv.columns(2 * HIDDEN, HIDDEN);
        Attention.apply(workspace, HEADS, qkv.columns(0, HIDDEN), k, v, sequences, out);
        return out;
    }

    @TearDown
    public void tearDown() {
        team.close();
        workspace.close();
    }
}
