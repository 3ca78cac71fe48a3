package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.Conversion;
import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.checkpoint.tensor.TensorInfo;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same weights in every form that they are published in are the same model. */
class CheckpointFormsTest {
    private static final ModelOptions HALF = new ModelOptions(1, WeightPrecision.BF16);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_bin", "sharded"})
    void anotherFormHoldsTheSameTensorsAndGivesTheSameLogits(String folder) throws IOException {
        try (Checkpoint expected = open("defaults");
                Checkpoint actual = open(folder)) {
            assertSameTensors(expected, actual);
            assertArrayEquals(matchingLogits(expected), matchingLogits(actual));
            assertArrayEquals(vocabularyLogits(expected), vocabularyLogits(actual));
        }
    }

    @Test
    void halfPrecisionHoldsTheSameTensorsRounded() throws IOException {
        try (Checkpoint expected = open("defaults");
                Checkpoint actual = open("pytorch_bin_half")) {
            for (String name : expected.weights().names()) {
                TensorInfo info = actual.weights().info(name);
                assertEquals(DType.F16, info.dtype(), name);
                float[] values = values(expected, name);
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
                }
                assertArrayEquals(values, values(actual, name), name);
            }
            float[] wide = matchingLogits(expected), half = matchingLogits(actual);
            // Weights of 11 bits, through some ten layers.
            assertArrayEquals(wide, half, 0.02f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"defaults", "pytorch_bin", "sharded", "pytorch_bin_half", "bf16"})
    void aConvertedModelIsTheSame(String folder) throws IOException {
        Conversion.run(Golden.directory(folder), directory, null);
        try (Checkpoint expected = open(folder);
                Checkpoint actual = Checkpoint.open(directory)) {
            assertEquals(expected.weights().names(), actual.weights().names());
            assertSameTensors(expected, actual);
            assertArrayEquals(matchingLogits(expected), matchingLogits(actual));
        }
    }

    /** What torch rounded and what we round are the same bits. */
    @Test
    void narrowsAsTorchDoes() throws IOException {
        Conversion.run(Golden.directory("defaults"), directory, Conversion.Target.F16);
        try (Checkpoint actual = open("pytorch_bin_half");
                Checkpoint expected = Checkpoint.open(directory)) {
            assertSameTensors(expected, actual);
        }
    }

    /** What is stored in 16 bits may be held in them, tables and tied weights included. */
    @Test
    void halfOfTheMemoryChangesNoBitOfAHalfCheckpoint() throws IOException {
        try (Checkpoint checkpoint = open("bf16")) {
            assertArrayEquals(matchingLogits(checkpoint), matchingLogits(checkpoint, HALF));
            assertArrayEquals(vocabularyLogits(checkpoint), vocabularyLogits(checkpoint, HALF));
        }
    }

    /** Weights of eight significant bits err by up to 2⁻⁹ each; these are the logits of a model with random weights. */
    @Test
    void halfOfTheMemoryIsCloseToAFullCheckpoint() throws IOException {
        try (Checkpoint checkpoint = open("defaults")) {
            assertArrayEquals(matchingLogits(checkpoint), matchingLogits(checkpoint, HALF), 0.02f);
            assertFalse(Arrays.equals(matchingLogits(checkpoint), matchingLogits(checkpoint, HALF)));
        }
    }

    private static Checkpoint open(String folder) throws IOException {
        return Checkpoint.open(Golden.directory(folder));
    }

    /** The files of torch also hold position ids, which no model asks for. */
    private static void assertSameTensors(Checkpoint expected, Checkpoint actual) throws IOException {
        for (String name : expected.weights().names()) {
            TensorInfo wanted = expected.weights().info(name),
                    found = actual.weights().info(name);
            assertEquals(wanted.dtype(), found.dtype(), name);
            assertArrayEquals(wanted.shape(), found.shape(), name);
            if (wanted.dtype().isWeight()) assertArrayEquals(values(expected, name), values(actual, name), name);
        }
    }

    private static float[] values(Checkpoint checkpoint, String name) throws IOException {
        int[] shape = Arrays.stream(checkpoint.weights().info(name).shape())
                .mapToInt(Math::toIntExact)
                .toArray();
        return checkpoint.weights().get(name, shape).toArray();
    }

    private static float[] matchingLogits(Checkpoint checkpoint) throws IOException {
        return matchingLogits(checkpoint, new ModelOptions(1));
    }

    private static float[] matchingLogits(Checkpoint checkpoint, ModelOptions options) throws IOException {
        try (Golden inputs = new Golden("defaults");
                BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options);
                var model = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk)) {
            float[][] logits = model.logits(texts(inputs), ImageInputs.of(inputs.pixelValues()));
            float[] all = new float[2 * logits.length];
            for (int i = 0; i < logits.length; i++) System.arraycopy(logits[i], 0, all, 2 * i, 2);
            return all;
        }
    }

    private static float[] vocabularyLogits(Checkpoint checkpoint) throws IOException {
        return vocabularyLogits(checkpoint, new ModelOptions(1));
    }

    private static float[] vocabularyLogits(Checkpoint checkpoint, ModelOptions options) throws IOException {
        try (Golden inputs = new Golden("defaults");
                BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options);
                var model = BridgeTowerForMaskedLM.load(checkpoint, trunk)) {
            return model.logits(texts(inputs), ImageInputs.of(inputs.pixelValues()))
                    .toArray();
        }
    }

    private static TextInputs texts(Golden inputs) throws IOException {
        return TextInputs.of(inputs.inputIds(), inputs.attentionMask());
    }
}
