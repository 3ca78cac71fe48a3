package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.Tensor;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.Weights;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.PositionEmbeddingType;
import io.bridgetower.model.config.SmallConfig;
import io.bridgetower.model.init.RandomWeights;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.EncoderStates;
import io.bridgetower.model.inputs.TextInputs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The standalone decoder under masks of every kind: padding at the left, holes, and rows that may attend to nothing. */
class DecoderMaskTest {
    private static final int TEXTS = 6, TOKENS = 9, ENCODER_ROWS = 5, PAD = 1, VOCABULARY = 20;

    /** As the goldens of 64 bits. */
    private static final double TOLERANCE = 5e-6;

    @TempDir
    private Path directory;

    private final Arena arena = Arena.ofAuto();

    @ParameterizedTest
    @EnumSource(PositionEmbeddingType.class)
    void equalsTheTwinWithoutCache(PositionEmbeddingType type) throws IOException {
        check(type, false, false);
    }

    @ParameterizedTest
    @EnumSource(PositionEmbeddingType.class)
    void equalsTheTwinInStepsOfSeveralTokens(PositionEmbeddingType type) throws IOException {
        check(type, false, true);
    }

    @Test
    void equalsTheTwinWithCrossAttention() throws IOException {
        check(PositionEmbeddingType.ABSOLUTE, true, false);
        check(PositionEmbeddingType.ABSOLUTE, true, true);
    }

    /** Rows that may attend to something, whether their text is padded at the left, at the right or not. */
    @Test
    void paddingChangesNoBitOfTheOtherRows() throws IOException {
        write(PositionEmbeddingType.ABSOLUTE, false);
        try (BridgeTowerTextModel model = BridgeTowerTextModel.load(directory, new ModelOptions(2))) {
            float[] alone = rows(model, new int[][] {{0, 7, 8, 9, 2}}, new int[][] {{1, 1, 1, 1, 1}})[0];
            float[] left = rows(
                    model, new int[][] {{PAD, PAD, PAD, 0, 7, 8, 9, 2}}, new int[][] {{0, 0, 0, 1, 1, 1, 1, 1}})[0];
            float[] right = rows(
                    model, new int[][] {{0, 7, 8, 9, 2, PAD, PAD, PAD}}, new int[][] {{1, 1, 1, 1, 1, 0, 0, 0}})[0];
            int hidden = model.config().hiddenSize();
            assertArrayEquals(alone, Arrays.copyOfRange(left, 3 * hidden, left.length));
            assertArrayEquals(alone, Arrays.copyOf(right, alone.length));
        }
    }

    @Test
    void rowsThatMayAttendToNothingAttendToEverythingEvenly() throws IOException {
        write(PositionEmbeddingType.ABSOLUTE, false);
        try (BridgeTowerTextModel model = BridgeTowerTextModel.load(directory, new ModelOptions(2))) {
            TextInputs texts = TextInputs.of(new int[][] {{PAD, PAD, 0, 7}}, new int[][] {{0, 0, 1, 0}});
            Tensor found = model.forward(texts, new Capture(false, true, false))
                    .attentions()
                    .getFirst();
            float[][] expected = {{.25f, .25f, .25f, .25f}, {.25f, .25f, .25f, .25f}, {0, 0, 1, 0}, {0, 0, 1, 0}};
            for (int head = 0; head < found.dim(1); head++) {
                for (int query = 0; query < 4; query++) {
                    for (int key = 0; key < 4; key++) {
                        assertEquals(expected[query][key], found.get(0, head, query, key), 1e-6, query + ", " + key);
                    }
                }
            }
        }
    }

    /** As a part of the whole model, where padding at the right is left out if nothing depends on it. */
    @Test
    void aCausalTowerEncodesTextsAsItRunsThem() throws IOException {
        write(PositionEmbeddingType.ABSOLUTE, false);
        int[][] ids = {{PAD, PAD, 0, 7, 2, PAD}}, masks = {{0, 0, 1, 1, 1, 0}};
        try (BridgeTowerModel model = BridgeTowerModel.load(directory, new ModelOptions(2))) {
            Tensor pixels = Tensor.allocate(arena, 1, 3, 32, 32);
            float[] whole = model.forward(ids, masks, pixels).poolerOutput().toArray();
            TextEncoding[] texts = model.encodeTexts(ids, masks);
            ImageEncoding[] images = model.encodeImages(pixels);
            assertArrayEquals(whole, model.fuse(texts, images).poolerOutput().toArray());
        }
    }

    private void check(PositionEmbeddingType type, boolean cross, boolean cached) throws IOException {
        BridgeTowerTextConfig config = write(type, cross);
        Random random = new Random(41);
        int[][] ids = new int[TEXTS][TOKENS], masks = new int[TEXTS][TOKENS];
        int[][] encoderMasks = new int[TEXTS][ENCODER_ROWS];
        for (int i = 0; i < TEXTS; i++) {
            for (int t = 0; t < TOKENS; t++) {
                masks[i][t] = switch (i) {
                    case 0 -> 1;
                    case 1 -> t < 4 ? 0 : 1;
                    case 2 -> 0;
                    case 3 -> t < 5 ? 1 : 0;
                    default -> random.nextInt(3) == 0 ? 1 : 0;
                };
                ids[i][t] = i < 4 && masks[i][t] == 0 ? PAD : 2 + random.nextInt(VOCABULARY - 2);
            }
            for (int t = 0; t < ENCODER_ROWS; t++) encoderMasks[i][t] = i == 1 ? 0 : random.nextInt(2);
        }
        Tensor states = Tensor.allocate(arena, TEXTS, ENCODER_ROWS, config.hiddenSize());
        for (int i = 0; i < TEXTS; i++) {
            for (int t = 0; t < ENCODER_ROWS; t++) {
                for (int j = 0; j < config.hiddenSize(); j++) states.set((float) random.nextGaussian(), i, t, j);
            }
        }
        EncoderStates encoder = cross ? new EncoderStates(states, encoderMasks) : null;
        int[] steps = cached ? new int[] {3, 1, 4, 1} : new int[] {TOKENS};
        try (Checkpoint checkpoint = Checkpoint.open(directory);
                BridgeTowerTextModel model = BridgeTowerTextModel.load(directory, new ModelOptions(2))) {
            Weights weights = checkpoint.textModel();
            DecoderTwin[] twins = new DecoderTwin[TEXTS];
            for (int i = 0; i < TEXTS; i++) {
                twins[i] = new DecoderTwin(config, weights, cross ? rows(states.slice(i, 1)) : null, encoderMasks[i]);
            }
            KeyValueCache cache = cached ? model.newCache() : null;
            int begin = 0;
            for (int count : steps) {
                int from = begin, to = begin += count;
                int[][] step = Arrays.stream(ids)
                        .map(row -> Arrays.copyOfRange(row, from, to))
                        .toArray(int[][]::new);
                int[][] mask =
                        Arrays.stream(masks).map(row -> Arrays.copyOf(row, to)).toArray(int[][]::new);
                Tensor found = model.forward(TextInputs.of(step, mask), encoder, cache, Capture.NONE)
                        .lastHiddenState();
                for (int i = 0; i < TEXTS; i++) {
                    double[][] expected = twins[i].step(step[i], mask[i]);
                    for (int t = 0; t < count; t++) {
                        for (int j = 0; j < config.hiddenSize(); j++) {
                            assertEquals(
                                    expected[t][j],
                                    found.get(i, t, j),
                                    TOLERANCE,
                                    "text " + i + ", token " + (from + t) + ", element " + j);
                        }
                    }
                }
            }
        }
    }

    private BridgeTowerTextConfig write(PositionEmbeddingType type, boolean cross) throws IOException {
        BridgeTowerTextConfig text = SmallConfig.text(32, 2)
                .isDecoder(true)
                .addCrossAttention(cross)
                .positionEmbeddingType(type)
                .hiddenAct(Activation.GELU_NEW)
                // Large enough that attention is far from even where it may not be.
                .initializerFactor(8)
                .build();
        RandomWeights.write(SmallConfig.model(text, 64, 1).build(), 5, directory);
        return text;
    }

    private static float[][] rows(BridgeTowerTextModel model, int[][] ids, int[][] masks) {
        Tensor last = model.forward(TextInputs.of(ids, masks), Capture.NONE).lastHiddenState();
        float[][] rows = new float[ids.length][];
        for (int i = 0; i < rows.length; i++) rows[i] = last.slice(i, 1).toArray();
        return rows;
    }

    private static double[][] rows(Tensor states) {
        double[][] rows = new double[states.dim(1)][states.dim(2)];
        for (int t = 0; t < rows.length; t++) {
            for (int j = 0; j < rows[t].length; j++) rows[t][j] = states.get(0, t, j);
        }
        return rows;
    }
}
