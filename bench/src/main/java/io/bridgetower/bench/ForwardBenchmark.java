package io.bridgetower.bench;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.Operations;
import io.bridgetower.model.config.BridgeTowerConfig;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The matching head's whole forward: pairs of a text of 16 tokens and an image of the model's size. */
@State(Scope.Benchmark)
public class ForwardBenchmark {
    private static final int TOKENS = 16;

    /** Pairs in a call. */
    @Param({"1", "8"})
    public int batch;

    /** Threads of the engine. */
    @Param({"1", "2"})
    public int workers;

    /** How products are computed. */
    @Param("F32")
    public ProductPrecision precision = ProductPrecision.F32;

    /** Model directory. */
    @Param("")
    public String model;

    private BridgeTowerForImageAndTextRetrieval retrieval;
    private int[][] ids;
    private Arena arena;
    private Tensor pixels;

    /** Floating-point operations of one call. */
    static double operations(BridgeTowerConfig config, int batch) {
        return (double) batch
                * new Operations(config).matching(TOKENS, config.visionConfig().numPositions());
    }

    @Setup
    public void setUp() throws IOException {
        ModelOptions options = new ModelOptions(workers).withPrecision(precision);
        retrieval = BridgeTowerForImageAndTextRetrieval.load(Path.of(model), options);
        BridgeTowerConfig config = retrieval.trunk().config();
        int side = config.visionConfig().imageSize();
        arena = Arena.ofShared();
        pixels = Numbers.random(arena, batch, config.visionConfig().numChannels(), side, side);
        ids = new int[batch][TOKENS];
        for (int[] text : ids) Arrays.setAll(text, token -> config.textConfig().vocabSize() - 1 - token);
    }

    @Benchmark
    public float[][] match() {
        return retrieval.logits(ids, null, pixels);
    }

    @TearDown
    public void tearDown() {
        retrieval.close();
        arena.close();
    }
}
