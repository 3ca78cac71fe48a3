package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.BridgeTowerTextModel;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.KeyValueCache;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.EncoderStates;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who owns what, for how long, and what wrong input is answered with. */
class LifetimeTest {
    private static final int[][] IDS = {{0, 7, 8, 2}};
    private static final Tensor PIXELS = Tensor.allocate(Arena.ofAuto(), 1, 3, 64, 64);

    @Test
    void useAfterCloseThrowsAndClosingTwiceDoesNothing() throws IOException {
        var model = BridgeTowerForImageAndTextRetrieval.load(Golden.directory("defaults"));
        model.logits(IDS, null, PIXELS);
        model.close();
        model.close();
        assertThrows(IllegalStateException.class, () -> model.logits(IDS, null, PIXELS));
        assertThrows(IllegalStateException.class, () -> model.trunk().forward(IDS, null, PIXELS));
        assertThrows(IllegalStateException.class, () -> model.trunk().encodeImages(PIXELS));
    }

    @Test
    void aTrunkOutlivesItsHeads() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.directory("defaults"));
                BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, ModelOptions.defaults())) {
            var first = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk);
            var second = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk);
            float[][] expected = first.logits(IDS, null, PIXELS);
            first.close();
            assertThrows(IllegalStateException.class, () -> first.logits(IDS, null, PIXELS));
            assertArrayEquals(expected[0], second.logits(IDS, null, PIXELS)[0]);
            second.close();
            trunk.forward(IDS, null, PIXELS);
        }
    }

    @Test
    void repeatedCallsReuseTheWorkspace() throws IOException {
        try (var trunk = BridgeTowerModel.load(Golden.directory("defaults"), new ModelOptions(2))) {
            trunk.forward(IDS, null, PIXELS);
            long held = trunk.usage().workspaceBytes();
            assertTrue(held > 0);
            for (int i = 0; i < 5; i++) trunk.forward(IDS, null, PIXELS);
            assertEquals(held, trunk.usage().workspaceBytes());
        }
    }

    @Test
    void callersAtOnceHaveAWorkspaceEachAndLeaveItToOthers() throws Exception {
        int callers = 4;
        try (var trunk = BridgeTowerModel.load(Golden.directory("defaults"), new ModelOptions(2));
                var threads = Executors.newFixedThreadPool(callers)) {
            trunk.forward(IDS, null, PIXELS);
            long held = trunk.usage().workspaceBytes();
            for (int round = 0; round < 20; round++) {
                List<Callable<Object>> calls = Collections.nCopies(callers, () -> trunk.forward(IDS, null, PIXELS));
                for (Future<Object> call : threads.invokeAll(calls)) call.get();
                long now = trunk.usage().workspaceBytes();
                assertTrue(now <= callers * held, () -> now + " bytes, " + held + " for one call");
            }
        }
    }

    /** As many threads as a servlet container has by default. */
    @Test
    void twoHundredCallersKeepNoMoreThanEight() throws Exception {
        Path demo = Path.of(System.getProperty("bridgetower.root"), "models", "demo");
        long eight = workspaceBytesAfter(demo, 8), twoHundred = workspaceBytesAfter(demo, 200);
        assertTrue(twoHundred <= 1.25 * eight, () -> twoHundred + " bytes, " + eight + " after 8 callers");
    }

    private static long workspaceBytesAfter(Path directory, int callers) throws Exception {
        var model = BridgeTowerForImageAndTextRetrieval.load(directory, new ModelOptions(2));
        try (model;
                var threads = Executors.newFixedThreadPool(callers)) {
            int side = model.trunk().config().visionConfig().imageSize();
            Tensor pixels = Tensor.allocate(Arena.ofAuto(), 1, 3, side, side);
            List<Callable<Object>> calls = Collections.nCopies(600, () -> model.logits(IDS, null, pixels));
            for (Future<Object> call : threads.invokeAll(calls)) call.get();
            long bytes = model.trunk().usage().workspaceBytes();
            assertTrue(bytes > 0);
            return bytes;
        } finally {
            assertEquals(0, model.trunk().usage().workspaceBytes(), "after close");
        }
    }

    @Test
    void memoryThatCallsHaveLeftCanBeFreed() throws IOException {
        try (var trunk = BridgeTowerModel.load(Golden.directory("defaults"), new ModelOptions(2))) {
            trunk.encodeImages(PIXELS)[0].close();
            ImageEncoding held = trunk.encodeImages(ImageInputs.of(PIXELS))[0];
            trunk.encodeImages(PIXELS)[0].close();
            assertTrue(trunk.usage().workspaceBytes() > 0 && trunk.usage().freeBytes() > 0);
            trunk.trim();
            assertEquals(0, trunk.usage().workspaceBytes());
            assertEquals(0, trunk.usage().freeBytes());
            assertEquals(held.byteSize(), trunk.usage().encodingBytes());
            trunk.forward(IDS, null, PIXELS);
            held.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"defaults", "pytorch_bin", "sharded"})
    void anInterruptedThreadLoadsAndComputesAndStaysInterrupted(String folder) throws IOException {
        Thread.currentThread().interrupt();
        try (var trunk = BridgeTowerModel.load(Golden.directory(folder), new ModelOptions(2))) {
            trunk.forward(IDS, null, PIXELS).close();
            trunk.encodeImages(PIXELS)[0].close();
        } finally {
            assertTrue(Thread.interrupted());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text_decoder", "text_cross_decoder"})
    void anEmptyBatchOfADecoderHasEmptyResults(String folder) throws IOException {
        try (var model = BridgeTowerTextModel.load(Golden.directory(folder), new ModelOptions(2))) {
            int hidden = model.config().hiddenSize();
            EncoderStates encoder = model.config().addCrossAttention()
                    ? new EncoderStates(Tensor.allocate(Arena.ofAuto(), 0, 3, hidden), null)
                    : null;
            KeyValueCache cache = model.newCache();
            TextInputs none = TextInputs.of(new int[0][]);
            for (int call = 0; call < 2; call++) {
                var output = model.forward(none, encoder, cache, Capture.ALL);
                assertArrayEquals(
                        new int[] {0, 0, hidden}, output.lastHiddenState().shape());
                assertEquals(0, cache.length());
            }
        }
    }

    @Test
    void aCallThatIsRefusedLeavesTheCacheToOthers() throws IOException {
        try (var model = BridgeTowerTextModel.load(Golden.directory("text_decoder"), new ModelOptions(2))) {
            KeyValueCache cache = model.newCache();
            TextInputs unequal = TextInputs.of(new int[][] {{5, 6}, {5}, {5}});
            assertThrows(IllegalArgumentException.class, () -> model.forward(unequal, null, cache, Capture.NONE));
            model.forward(TextInputs.of(new int[][] {{5}, {6}}), null, cache, Capture.NONE);
            assertEquals(1, cache.length());
        }
    }

    @Test
    void wrongInputIsNamed() throws IOException {
        try (var trunk = BridgeTowerModel.load(Golden.directory("defaults"))) {
            assertMessage(
                    "pixel_values: expected [*, 3, 64, 64], found [1, 3, 32, 64]",
                    () -> trunk.encodeImages(Tensor.allocate(Arena.ofAuto(), 1, 3, 32, 64)));
            assertMessage("text 0: expected at least one token", () -> trunk.encodeTexts(new int[1][0], null));
            assertMessage(
                    "text 1, token 2: expected an id from 0 to 299, found 300",
                    () -> trunk.encodeTexts(new int[][] {{0, 2}, {0, 5, 300}}, null));
            assertMessage(
                    "attention mask of text 0: expected 4 values, found 3",
                    () -> trunk.encodeTexts(IDS, new int[][] {{1, 1, 1}}));
            assertMessage(
                    "attention mask of text 0, token 1: expected a value from 0 to 1, found 2",
                    () -> trunk.encodeTexts(IDS, new int[][] {{1, 2, 1, 1}}));
            assertMessage(
                    "text 0 has 81 tokens, the model has positions for 80",
                    () -> trunk.encodeTexts(new int[][] {new int[81]}, null));
            assertMessage(
                    "expected as many texts as images, found 2 and 1; for other pairs, encode both and give a Pairing",
                    () -> trunk.forward(new int[][] {{0, 2}, {0, 2}}, null, PIXELS));
        }
    }

    @Test
    void anEmptyBatchHasEmptyResults() throws IOException {
        try (var model = BridgeTowerForImageAndTextRetrieval.load(Golden.directory("defaults"))) {
            Tensor none = Tensor.allocate(Arena.ofAuto(), 0, 3, 64, 64);
            assertEquals(0, model.logits(new int[0][], null, none).length);
            assertEquals(
                    0,
                    model.trunk()
                            .forward(new int[0][], null, none)
                            .poolerOutput()
                            .size());
        }
    }

    private static void assertMessage(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void warmingUpComputesPairs() throws IOException {
        BridgeTowerModel trunk = BridgeTowerModel.load(Golden.directory("defaults"), new ModelOptions(2));
        try (trunk) {
            trunk.warmUp();
            assertTrue(trunk.usage().pairs() >= 3);
            assertEquals(0, trunk.usage().encodingBytes());
        }
        assertThrows(IllegalStateException.class, trunk::warmUp);
    }
}
