package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.Capture;
import io.bridgetower.model.ImageInputs;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.TextInputs;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.Weights;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same weights in other files: shards, torch files, torch files of 16 bits. */
class CheckpointFormsTest {
    @ParameterizedTest
    @ValueSource(strings = {"sharded", "pytorch_bin"})
    void otherFilesHoldTheSameTensorsAndGiveTheSameOutputs(String folder) throws IOException {
        try (Golden golden = new Golden("defaults");
                Checkpoint plain = Checkpoint.open(golden.directory());
                Checkpoint other = Checkpoint.open(Golden.directory(folder));
                BridgeTowerModel trunk = BridgeTowerModel.load(other, new ModelOptions(2))) {
            Weights expected = plain.weights();
            // A torch file holds buffers such as position_ids besides.
            assertTrue(other.weights().names().containsAll(expected.names()));
            for (String name : expected.names()) {
                assertArrayEquals(values(expected, name), values(other.weights(), name), name);
            }
            TextInputs texts = TextInputs.of(golden.inputIds(), golden.attentionMask());
            ImageInputs images = ImageInputs.of(golden.pixelValues());
            golden.assertClose(
                    "pooler_output", trunk.forward(texts, images, Capture.NONE).poolerOutput());
        }
    }

    @Test
    void halfPrecisionHoldsThemRounded() throws IOException {
        try (Checkpoint plain = Checkpoint.open(Golden.directory("defaults"));
                Checkpoint half = Checkpoint.open(Golden.directory("pytorch_bin_half"))) {
            Weights expected = plain.weights();
            for (String name : expected.names()) {
                float[] wanted = values(expected, name), found = values(half.weights(), name);
                for (int i = 0; i < wanted.length; i++) {
                    assertEquals(Float.float16ToFloat(Float.floatToFloat16(wanted[i])), found[i], name);
                }
            }
        }
    }

    private static float[] values(Weights weights, String name) throws IOException {
        long[] shape = weights.info(name).shape();
        return weights.get(name, Arrays.stream(shape).mapToInt(Math::toIntExact).toArray())
                .toArray();
    }
}
