package io.bridgetower.bench;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.matmul.Epilogue;
import io.bridgetower.engine.matmul.Linear;
import io.bridgetower.engine.matmul.PanelFormat;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.lang.foreign.Arena;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A layer of the base model: rows × in times in × out. */
@State(Scope.Benchmark)
public class MatmulBenchmark {
    /** Rows of the left-hand side. */
    @Param({"1", "16", "50", "325", "2600"})
    public int rows;

    /** Shape of the weight, out × in. */
    @Param({"768x768", "2304x768", "3072x768", "768x3072"})
    public String weight;

    /** How the weight is held. */
    @Param("F32")
    public WeightPrecision weights;

    /** How products are computed. */
    @Param("F32")
    public ProductPrecision precision;

    /** Threads of the engine. */
    @Param({"1", "2"})
    public int workers;

    /** What is applied to the product. */
    @Param("NONE")
    public Activation activation;

    private final Arena arena = Arena.ofShared();
    private Workers team;
    private Workspace workspace;
    private Linear linear;
    private Matrix x;
    private Matrix y;
    private Epilogue epilogue;

    /** Floating-point operations of one call. */
    static double operations(int rows, String weight) {
        String[] shape = weight.split("x");
        return 2.0 * rows * Integer.parseInt(shape[0]) * Integer.parseInt(shape[1]);
    }

    @Setup
    public void setUp() {
        String[] shape = weight.split("x");
        int out = Integer.parseInt(shape[0]), in = Integer.parseInt(shape[1]);
        team = new Workers(workers);
        workspace = new Workspace(team);
        linear = Linear.pack(
                arena,
                team,
                PanelFormat.of(weights, precision),
                Numbers.random(arena, out, in),
                Numbers.random(arena, out));
        x = workspace.matrix(rows, in);
        y = workspace.matrix(rows, out);
        Numbers.fill(x, new Random(1));
        epilogue = Epilogue.activation(activation);
    }

    @Benchmark
    public Matrix multiply() {
        linear.apply(workspace, x, epilogue, y);
        return y;
    }

    @TearDown
    public void tearDown() {
        team.close();
        workspace.close();
        arena.close();
    }
}
