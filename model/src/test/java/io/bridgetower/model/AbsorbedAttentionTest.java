package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.Workers;
import io.bridgetower.engine.Workspace;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.RandomWeights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A block that may absorb its weights is held against the same block that projects all keys. */
class AbsorbedAttentionTest {
    private static final int HIDDEN = 64, HEADS = 4, KEYS = 60;

    private final Random random = new Random(4);

    @TempDir
    private static Path directory;

    private Arena arena;
    private Workers workers;
    private Workspace workspace;
    private AttentionBlock absorbing;
    private AttentionBlock projecting;

    @BeforeEach
    void load() throws IOException {
        BridgeTowerTextConfig text = BridgeTowerTextConfig.builder()
                .vocabSize(20)
                .hiddenSize(HIDDEN)
                .numHiddenLayers(2)
                .numAttentionHeads(HEADS)
                .intermediateSize(64)
                .maxPositionEmbeddings(20)
                .build();
        BridgeTowerVisionConfig vision = BridgeTowerVisionConfig.builder()
                .hiddenSize(64)
                .numHiddenLayers(2)
                .imageSize(32)
                .patchSize(16)
                .build();
        // Weights large enough that probabilities differ.
        BridgeTowerConfig config = BridgeTowerConfig.builder()
                .hiddenSize(HIDDEN)
                .numHiddenLayers(2)
                .numAttentionHeads(HEADS)
                .initializerFactor(4)
                .textConfig(text)
                .visionConfig(vision)
                .build();
        arena = Arena.ofShared();
        workers = new Workers(2);
        workspace = new Workspace(workers);
        RandomWeights.write(config, 3, directory);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            Parameters block = new Parameters(checkpoint.trunk(), arena, workers, WeightPrecision.F32)
                    .sub("cross_modal_text_layers.0.crossattention");
            absorbing = new AttentionBlock(block, text, true);
            projecting = new AttentionBlock(block, text, false);
        }
    }

    @AfterEach
    void close() {
        workspace.close();
        workers.close();
        arena.close();
    }

    @Test
    void contextAndProbabilitiesAreTheSameUpToRounding() {
        int[] queries = {3, 1, 5};
        Matrix x = random(9), context = random(3 * KEYS), expected = random(9), found = random(9);
        Tensor[] kept = {Tensor.allocate(arena, 3, HEADS, 6, KEYS), Tensor.allocate(arena, 3, HEADS, 6, KEYS)};
        projecting.forward(workspace, x, context, route(queries).keeping(places(kept[0])), expected);
        absorbing.forward(workspace, x, context, route(queries).keeping(places(kept[1])), found);
        assertFalse(Arrays.equals(expected.toArray(), found.toArray()), "the second block has not absorbed anything");
        assertArrayEquals(expected.toArray(), found.toArray(), 4e-6f);
        assertArrayEquals(kept[0].toArray(), kept[1].toArray(), 2e-6f);
        float greatest = 0;
        for (float probability : kept[0].toArray()) greatest = Math.max(greatest, probability);
        assertTrue(greatest > 2f / KEYS, "probabilities are all alike");
    }

    /** Texts of 1 and 3 tokens absorb, those of 50 do not; each has the bits that it has alone. */
    @Test
    void itemsOfBothKindsMayMeetInABatch() {
        int[] queries = {50, 1, 3, 50, 3};
        Matrix x = random(107), context = random(queries.length * KEYS), together = random(107), alone = random(107);
        absorbing.forward(workspace, x, context, route(queries), together);
        Route route = route(queries);
        for (int i = 0; i < queries.length; i++) {
            Matrix rows = route.queries(x, i, i + 1), keys = route.keys(context, i, i + 1);
            absorbing.forward(workspace, rows, keys, route.part(i, i + 1), route.queries(alone, i, i + 1));
        }
        assertArrayEquals(alone.toArray(), together.toArray());
        Matrix projected = random(107);
        projecting.forward(workspace, x, context, route(queries), projected);
        for (int i = 0; i < queries.length; i++) {
            float[] one = route.queries(alone, i, i + 1).toArray();
            boolean same = Arrays.equals(route.queries(projected, i, i + 1).toArray(), one);
            assertTrue(same == (queries[i] == 50), "item " + i);
        }
    }

    /** The way to compute is that of the tokens, however many rows of padding are behind them. */
    @Test
    void paddingDoesNotChangeTheBitsOfTokens() {
        Matrix x = random(50), context = random(KEYS), padded = random(50), alone = random(3);
        Attention.Sequence[] all = {new Attention.Sequence(0, 50, 0, KEYS, null)};
        absorbing.forward(workspace, x, context, new Route(all, new int[] {3}, null), padded);
        absorbing.forward(workspace, x.rows(0, 3), context, route(3), alone);
        assertArrayEquals(alone.toArray(), padded.rows(0, 3).toArray());
    }

    private static Route route(int... queries) {
        Attention.Sequence[] sequences = new Attention.Sequence[queries.length];
        for (int i = 0, from = 0; i < queries.length; from += queries[i++]) {
            sequences[i] = new Attention.Sequence(from, queries[i], i * KEYS, KEYS, null);
        }
        return Route.of(sequences);
    }

    private static Attention.Probabilities places(Tensor kept) {
        return Trace.probabilities(new Tensor[] {kept}, 0, 0, kept.dim(0));
    }

    private Matrix random(int rows) {
        Tensor tensor = Tensor.allocate(arena, rows, HIDDEN);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return Matrix.of(tensor);
    }
}
