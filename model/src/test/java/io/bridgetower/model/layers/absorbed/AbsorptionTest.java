package io.bridgetower.model.layers.absorbed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.batch.Route;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.SmallConfig;
import io.bridgetower.model.init.RandomWeights;
import io.bridgetower.model.layers.AttentionBlock;
import io.bridgetower.model.layers.absorbed.Absorption.Reach;
import io.bridgetower.model.runtime.Parameters;
import io.bridgetower.model.runtime.Precision;
import io.bridgetower.model.runtime.Trace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A block that may absorb weights is held against the same block that projects all rows. */
class AbsorptionTest {
    private static final int HIDDEN = 64, HEADS = 4, MANY = 60;

    private final Random random = new Random(4);

    @TempDir
    private static Path directory;

    private Arena arena;
    private Workers workers;
    private Workspace workspace;
    private Parameters block;
    private BridgeTowerTextConfig text;
    private Checkpoint checkpoint;

    @BeforeEach
    void load() throws IOException {
        text = SmallConfig.text(HIDDEN, HEADS).build();
        // Weights large enough that probabilities differ.
        BridgeTowerConfig config =
                SmallConfig.model(text, 64, 2).initializerFactor(4).build();
        arena = Arena.ofShared();
        workers = new Workers(2);
        workspace = new Workspace(workers);
        RandomWeights.write(config, 3, directory);
        checkpoint = Checkpoint.open(directory);
        block = new Parameters(checkpoint.trunk(), arena, workers, Precision.F32)
                .sub("cross_modal_text_layers.0.crossattention");
    }

    @AfterEach
    void close() {
        checkpoint.close();
        workspace.close();
        workers.close();
        arena.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANY")
    void outputAndProbabilitiesAreTheSameUpToRounding(Reach reach) throws IOException {
        Route route = route(reach, 3, 1, 5);
        Matrix x = random(queries(route)), context = random(keys(route));
        Matrix expected = random(queries(route)), found = random(queries(route));
        int longest = Arrays.stream(route.tokens()).max().orElseThrow() + 1,
                columns = reach == Reach.FEW_TO_MANY ? MANY : 7;
        Tensor[] kept = new Tensor[2];
        for (int i = 0; i < 2; i++) kept[i] = Tensor.allocate(arena, 3, HEADS, longest, columns);
        block(Reach.ANY).forward(workspace, x, context, route.keeping(places(kept[0])), expected);
        block(reach).forward(workspace, x, context, route.keeping(places(kept[1])), found);
        assertFalse(Arrays.equals(expected.toArray(), found.toArray()), "the second block has not absorbed anything");
        assertArrayEquals(expected.toArray(), found.toArray(), 4e-6f);
        assertArrayEquals(kept[0].toArray(), kept[1].toArray(), 2e-6f);
        float greatest = 0;
        for (float probability : kept[0].toArray()) if (probability < 1) greatest = Math.max(greatest, probability);
        assertTrue(greatest > 2f / columns, "probabilities are all alike");
    }

    /** Where 1 or 3 rows are on the one side, weights are absorbed, with 50 they are not; each item has its bits alone. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANY")
    void itemsOfBothKindsMayMeetInABatch(Reach reach) throws IOException {
        int[] few = {50, 1, 3, 50, 3};
        Route route = route(reach, few);
        Matrix x = random(queries(route)), context = random(keys(route));
        Matrix together = random(queries(route)), alone = random(queries(route)), projected = random(queries(route));
        AttentionBlock absorbing = block(reach);
        absorbing.forward(workspace, x, context, route, together);
        for (int i = 0; i < few.length; i++) {
            Matrix rows = route.queries(x, i, i + 1), keys = route.keys(context, i, i + 1);
            absorbing.forward(workspace, rows, keys, route.part(i, i + 1), route.queries(alone, i, i + 1));
        }
        assertArrayEquals(alone.toArray(), together.toArray());
        block(Reach.ANY).forward(workspace, x, context, route, projected);
        for (int i = 0; i < few.length; i++) {
            float[] one = route.queries(alone, i, i + 1).toArray();
            boolean same = Arrays.equals(route.queries(projected, i, i + 1).toArray(), one);
            assertTrue(same == (few[i] == 50), "item " + i);
        }
    }

    /** The way to compute is that of the tokens, however many rows of padding are behind them. */
    @Test
    void paddingOfQueriesDoesNotChangeTheBitsOfTokens() throws IOException {
        Matrix x = random(50), context = random(MANY), padded = random(50), alone = random(3);
        Attention.Sequence[] all = {new Attention.Sequence(0, 50, 0, MANY, null)};
        AttentionBlock absorbing = block(Reach.FEW_TO_MANY);
        absorbing.forward(workspace, x, context, new Route(all, new int[] {3}, null), padded);
        absorbing.forward(workspace, x.rows(0, 3), context, route(Reach.FEW_TO_MANY, 3), alone);
        assertArrayEquals(alone.toArray(), padded.rows(0, 3).toArray());
    }

    @Test
    void paddingOfKeysDoesNotChangeTheBits() throws IOException {
        Matrix x = random(MANY), context = random(50), padded = random(MANY), alone = random(MANY);
        Attention.Sequence[] some = {new Attention.Sequence(0, MANY, 0, 50, new int[] {0, 1, 2})};
        AttentionBlock absorbing = block(Reach.MANY_TO_FEW);
        absorbing.forward(workspace, x, context, Route.of(some), padded);
        absorbing.forward(workspace, x, context.rows(0, 3), route(Reach.MANY_TO_FEW, 3), alone);
        assertArrayEquals(alone.toArray(), padded.toArray());
    }

    /** A softmax over scores that are all masked gives all keys the same weight. */
    @Test
    void whereNoKeyIsSeenAllWeighTheSame() throws IOException {
        Matrix x = random(MANY), context = random(4), expected = random(MANY), found = random(MANY);
        Tensor kept = Tensor.allocate(arena, 1, HEADS, MANY, 4);
        Attention.Sequence[] none = {new Attention.Sequence(0, MANY, 0, 4, new int[0])};
        block(Reach.ANY).forward(workspace, x, context, Route.of(none), expected);
        block(Reach.MANY_TO_FEW).forward(workspace, x, context, Route.of(none).keeping(places(kept)), found);
        assertArrayEquals(expected.toArray(), found.toArray(), 4e-6f);
        for (float probability : kept.toArray()) assertEquals(0.25f, probability);
    }

    private AttentionBlock block(Reach reach) throws IOException {
        return new AttentionBlock(block, text, reach);
    }

    /** Items with so many rows on one side and {@link #MANY} on the other; the third has a key that nobody sees. */
    private static Route route(Reach reach, int... few) {
        Attention.Sequence[] sequences = new Attention.Sequence[few.length];
        for (int i = 0, from = 0; i < few.length; i++) {
            if (reach == Reach.FEW_TO_MANY) {
                sequences[i] = new Attention.Sequence(from, few[i], i * MANY, MANY, null);
                from += few[i];
            } else {
                int[] seen =
                        IntStream.range(0, few[i] + 1).filter(key -> key != 1).toArray();
                int keys = i == 2 ? few[i] + 1 : few[i];
                sequences[i] = new Attention.Sequence(i * MANY, MANY, from, keys, i == 2 ? seen : null);
                from += keys;
            }
        }
        return Route.of(sequences);
    }

    private static int queries(Route route) {
        Attention.Sequence last = route.sequences()[route.sequences().length - 1];
        return last.firstQuery() + last.queries();
    }

    private static int keys(Route route) {
        Attention.Sequence last = route.sequences()[route.sequences().length - 1];
        return last.firstKey() + last.keys();
    }

    /** Where the probabilities of every item go; an item may have fewer keys than there are columns. */
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
