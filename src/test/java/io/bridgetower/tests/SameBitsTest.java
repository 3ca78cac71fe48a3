package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.TextEncoding;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The result for a pair has the same bits whatever else is in its batch, however it is padded and computed. */
@Tag("parity")
class SameBitsTest {
    private static final int PAD = 1;
    private static final int VOCABULARY = 300;
    private static final int PAIRS = 5;

    private static BridgeTowerForImageAndTextRetrieval oneThread;
    private static int[][] ids;
    private static Tensor pixels;
    private static float[][] alone;

    @BeforeAll
    static void scoreEveryPairAlone() throws IOException {
        oneThread = BridgeTowerForImageAndTextRetrieval.load(Golden.directory("defaults"), new ModelOptions(1));
        Random random = new Random(5);
        ids = new int[PAIRS][];
        for (int i = 0; i < PAIRS; i++) {
            ids[i] = IntStream.generate(() -> 4 + random.nextInt(VOCABULARY - 4))
                    .limit(1 + 7L * i)
                    .toArray();
        }
        pixels = Tensor.allocate(Arena.ofAuto(), PAIRS, 3, 64, 64);
        for (int i = 0; i < pixels.size(); i++) {
            pixels.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        alone = new float[PAIRS][];
        for (int i = 0; i < PAIRS; i++) {
            alone[i] = oneThread.logits(new int[][] {ids[i]}, null, pixels.slice(i, 1))[0];
        }
    }

    @AfterAll
    static void close() {
        oneThread.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void inABatchWithPaddingOnAnyNumberOfThreads(int threads) throws IOException {
        int longest = Arrays.stream(ids).mapToInt(text -> text.length).max().orElseThrow();
        int[][] padded = new int[PAIRS][], mask = new int[PAIRS][];
        for (int i = 0; i < PAIRS; i++) {
            padded[i] = Arrays.copyOf(ids[i], longest + 2);
            Arrays.fill(padded[i], ids[i].length, longest + 2, PAD);
            mask[i] = new int[longest + 2];
            Arrays.fill(mask[i], 0, ids[i].length, 1);
        }
        try (var model =
                BridgeTowerForImageAndTextRetrieval.load(Golden.directory("defaults"), new ModelOptions(threads))) {
            assertSameBits(alone, model.logits(padded, mask, pixels));
            assertSameBits(alone, model.logits(ids, null, pixels));
            Tensor pooled = model.trunk().forward(padded, mask, pixels).poolerOutput();
            Tensor ragged = model.trunk().forward(ids, null, pixels).poolerOutput();
            assertArrayEquals(ragged.toArray(), pooled.toArray(), "pooler output");
        }
    }

    @Test
    void fromEncodingsInAnyOrder() {
        TextEncoding[] texts = oneThread.trunk().encodeTexts(ids, null);
        ImageEncoding[] images = oneThread.trunk().encodeImages(pixels);
        int[] order = {3, 0, 4, 4, 1, 2, 0};
        float[][] logits = oneThread.logits(
                Arrays.stream(order).mapToObj(i -> texts[i]).toArray(TextEncoding[]::new),
                Arrays.stream(order).mapToObj(i -> images[i]).toArray(ImageEncoding[]::new));
        assertSameBits(Arrays.stream(order).mapToObj(i -> alone[i]).toArray(float[][]::new), logits);
    }

    @Test
    void fromSeveralThreadsAtOnce() throws IOException, InterruptedException, ExecutionException {
        try (var model = BridgeTowerForImageAndTextRetrieval.load(Golden.directory("defaults"), new ModelOptions(2));
                var callers = Executors.newFixedThreadPool(4)) {
            Callable<float[][]> call = () -> model.logits(ids, null, pixels);
            for (Future<float[][]> result : callers.invokeAll(Collections.nCopies(16, call))) {
                assertSameBits(alone, result.get());
            }
        }
    }

    private static void assertSameBits(float[][] expected, float[][] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(bits(expected[i]), bits(actual[i]), "pair " + i);
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) bits[i] = Float.floatToRawIntBits(values[i]);
        return bits;
    }
}
