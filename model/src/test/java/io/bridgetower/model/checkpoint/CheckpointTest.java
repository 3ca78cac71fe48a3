package io.bridgetower.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsFixture;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.checkpoint.tensor.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void config() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{}");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Path absent = directory.resolve("absent");
        assertEquals(
                absent + ": no such directory",
                assertThrows(NoSuchFileException.class, () -> Checkpoint.open(absent))
                        .getMessage());
        Path config = directory.resolve("config.json");
        assertEquals(
                config + ": expected a model directory, found a file",
                assertThrows(NotDirectoryException.class, () -> Checkpoint.open(config))
                        .getMessage());
        String complaint = assertThrows(NoSuchFileException.class, () -> Checkpoint.open(directory))
                .getMessage();
        assertTrue(
                complaint.startsWith(directory + ": no weights in this directory, looked for model.safetensors, "),
                complaint);
        Files.delete(config);
        assertEquals(
                directory + ": no config.json in this directory",
                assertThrows(NoSuchFileException.class, () -> Checkpoint.open(directory))
                        .getMessage());
    }

    @Test
    void aBrokenConfigIsRefusedBeforeTheWeights() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"hidden_size\": 0}");
        assertComplaint("config.json: hidden_size: found 0", () -> Checkpoint.open(directory));
    }

    /** The reference's page says 2, its code 1; what is written is what the weights must have. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{} | 1 | 1",
                "{} | 2 | 2",
                "{'text_config':{}} | 1 | 1",
                "{'text_config':null} | 3 | 3",
                "{'text_config':{'type_vocab_size':2}} | 1 | 2",
                "{'model_type':'bridgetower_text_model'} | 1 | 1"
            })
    void theWeightsKnowTheTokenTypesThatAConfigurationLeavesOut(String json, int rows, int expected)
            throws IOException {
        Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
        boolean alone = json.contains("bridgetower_text_model");
        new SafetensorsWriter()
                .add(
                        (alone ? "" : "bridgetower.text_model.") + "embeddings.token_type_embeddings.weight",
                        new float[rows],
                        rows,
                        1)
                .write(directory.resolve("model.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertEquals(expected, checkpoint.textConfig().typeVocabSize());
            if (!alone) assertEquals(expected, checkpoint.config().textConfig().typeVocabSize());
        }
    }

    @Test
    void aPointerOfGitIsNotTakenForTheFile() throws IOException {
        for (String name : new String[] {"pytorch_model.bin", "model.safetensors"}) {
            Files.writeString(
                    directory.resolve(name), "version https://git-lfs.example/spec/v1\noid sha256:0\nsize 1\n");
            assertComplaint(
                    name + ": is only a pointer to the file, of Git LFS: run git lfs pull",
                    () -> Checkpoint.open(directory));
        }
    }

    @Test
    void weightsAreFoundByPrefix() throws IOException {
        new SafetensorsWriter()
                .add("bridgetower.text_model.encoder.layer.3.weight", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
                .add("bridgetower.text_model.encoder.layer.30.bias", new float[] {9}, 1)
                .add("itm_score.fc.bias", new float[] {7, 8}, 2)
                .add("logit_scale", new float[] {2.5f})
                .add("bridgetower.text_model.position_ids", new long[] {0, 1}, 1, 2)
                .write(directory.resolve("model.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(directory);
                Arena arena = Arena.ofConfined()) {
            assertEquals(768, checkpoint.config().hiddenSize());
            Weights layer = checkpoint
                    .trunk()
                    .sub("text_model")
                    .sub("encoder")
                    .sub("layer")
                    .sub(3);
            assertEquals(Set.of("weight"), layer.names());
            assertTrue(layer.has("weight"));
            assertFalse(layer.has("bias"));
            Weight weight = layer.get("weight", 2, 3);
            assertEquals(DType.F32, weight.dtype());
            assertEquals(6f, weight.toTensor(arena).get(1, 2));
            assertArrayEquals(
                    new float[] {7, 8},
                    checkpoint.heads().sub("itm_score").get("fc.bias", 2).toArray());
            assertEquals(2.5f, checkpoint.heads().get("logit_scale").item());
            assertFalse(checkpoint.textModel().isEmpty());
            assertTrue(checkpoint.heads().sub("mlm_score").isEmpty());
            assertComplaint(
                    "bridgetower.text_model.encoder.layer.3.weight: expected [3, 2], file has [2, 3]",
                    () -> layer.get("weight", 3, 2));
            assertComplaint("bridgetower.text_model.encoder.layer.3.bias: missing", () -> layer.get("bias", 3));
            assertComplaint(
                    "position_ids: expected F32, F16, BF16, F64 or F8, file has I64",
                    () -> checkpoint.textModel().get("position_ids", 1, 2));
        }
    }

    @Test
    void thePrefixOfTheTrunkMayBeMissing() throws IOException {
        new SafetensorsWriter().add("text_model.x", new float[] {1}, 1).write(directory.resolve("model.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertTrue(checkpoint.trunk().has("text_model.x"));
            assertTrue(checkpoint.textModel().has("x"));
        }
    }

    @Test
    void aTextModelAloneHasNoPrefix() throws IOException {
        Files.writeString(
                directory.resolve("config.json"), "{\"model_type\":\"bridgetower_text_model\",\"hidden_size\":96}");
        new SafetensorsWriter().add("embeddings.x", new float[] {1}, 1).write(directory.resolve("model.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertEquals(96, checkpoint.textConfig().hiddenSize());
            assertTrue(checkpoint.textModel().has("embeddings.x"));
            assertComplaint("model_type: found \"bridgetower_text_model\"", checkpoint::config);
            assertComplaint("model_type: found \"bridgetower_text_model\"", checkpoint::visionConfig);
        }
    }

    @Test
    void namesOfTrainersAndOlderVersions() throws IOException {
        new SafetensorsWriter()
                .add("module.bridgetower.a.LayerNorm.gamma", new float[] {1}, 1)
                .add("module.bridgetower.a.LayerNorm.beta", new float[] {2}, 1)
                .add("module.bridgetower.link.beta", new float[] {3})
                .write(directory.resolve("model.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertEquals(
                    1, checkpoint.trunk().sub("a").get("LayerNorm.weight", 1).item());
            assertEquals(2, checkpoint.trunk().sub("a").get("LayerNorm.bias", 1).item());
            assertEquals(3, checkpoint.trunk().get("link.beta").item());
        }
    }

    @Test
    void twoNamesForOneTensorAreRefused() throws IOException {
        new SafetensorsWriter()
                .add("LayerNorm.gamma", new float[] {1}, 1)
                .add("LayerNorm.weight", new float[] {2}, 1)
                .write(directory.resolve("model.safetensors"));
        assertComplaint("is another name of", () -> Checkpoint.open(directory));
    }

    @Test
    void everyTypeOfWeightIsWidened() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(24 * 3).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(1.5).putDouble(-0.1).putDouble(1e300);
        data.putFloat(1.5f).putFloat(-0.1f).putFloat(Float.MIN_VALUE);
        for (float value : new float[] {1.5f, -65504, 0x1p-24f}) data.putShort(Float.floatToFloat16(value));
        for (float value : new float[] {1.5f, -1, 0x1p127f})
            data.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        data.put(new byte[] {0x3C, (byte) 0xFE, 0x01});
        data.put(new byte[] {0x3E, (byte) 0xFB, 0x01});
        int[] widths = {8, 4, 2, 2, 1, 1};
        String[] types = {"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"};
        float[][] expected = {
            {1.5f, -0.1f, Float.POSITIVE_INFINITY},
            {1.5f, -0.1f, Float.MIN_VALUE},
            {1.5f, -65504, 0x1p-24f},
            {1.5f, -1, 0x1p127f},
            {1.5f, -448, 0x1p-9f},
            {1.5f, -57344, 0x1p-16f}
        };
        StringBuilder header = new StringBuilder("{");
        int offset = 0;
        for (int i = 0; i < types.length; i++) {
            header.append(i == 0 ? "" : ",")
                    .append("\"t")
                    .append(i)
                    .append("\":{\"dtype\":\"")
                    .append(types[i])
                    .append("\",\"shape\":[3],\"data_offsets\":[")
                    .append(offset)
                    .append(',')
                    .append(offset += 3 * widths[i])
                    .append("]}");
        }
        byte[] bytes = java.util.Arrays.copyOf(data.array(), offset);
        SafetensorsFixture.write(directory.resolve("model.safetensors"), header + "}", bytes);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            for (int i = 0; i < types.length; i++) {
                assertArrayEquals(
                        expected[i], checkpoint.weights().get("t" + i, 3).toArray(), types[i]);
            }
        }
    }

    /** OCP's table for E8M0; the FNUZ types have one more bit of bias, no infinities, and NaN where -0 would be. */
    @ParameterizedTest
    @CsvSource({
        "F8_E8M0, 7F, 1",
        "F8_E8M0, 00, 0x1p-127",
        "F8_E8M0, FE, 0x1p127",
        "F8_E8M0, FF, NaN",
        "F8_E4M3, 7E, 448",
        "F8_E4M3, 7F, NaN",
        "F8_E4M3, FF, NaN",
        "F8_E4M3, 80, -0.0",
        "F8_E4M3, 08, 0x1p-6",
        "F8_E5M2, 7C, Infinity",
        "F8_E5M2, 7B, 57344",
        "F8_E4M3FNUZ, 40, 1",
        "F8_E4M3FNUZ, 7F, 240",
        "F8_E4M3FNUZ, 01, 0x1p-10",
        "F8_E4M3FNUZ, 80, NaN",
        "F8_E5M2FNUZ, 40, 1",
        "F8_E5M2FNUZ, FF, -57344",
        "F8_E5M2FNUZ, 01, 0x1p-17",
        "F8_E5M2FNUZ, 80, NaN"
    })
    void weightsOfOneByte(String type, String bits, float expected) throws IOException {
        String header = "{\"a\":{\"dtype\":\"" + type + "\",\"shape\":[1],\"data_offsets\":[0,1]}}";
        byte[] data = {(byte) Integer.parseInt(bits, 16)};
        SafetensorsFixture.write(directory.resolve("model.safetensors"), header, data);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertEquals(expected, checkpoint.weights().get("a", 1).item());
        }
    }

    @Test
    void halvesPastOneBlock() throws IOException {
        int count = (1 << 20) + 7;
        byte[] data = new byte[2 * count];
        data[2 * count - 1] = 0x3F;
        data[2 * count - 2] = (byte) 0x80;
        SafetensorsFixture.write(
                directory.resolve("model.safetensors"),
                "{\"a\":{\"dtype\":\"BF16\",\"shape\":[" + count + "],\"data_offsets\":[0," + 2 * count + "]}}",
                data);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            float[] values = checkpoint.weights().get("a", count).toArray();
            assertEquals(0, values[0]);
            assertEquals(1, values[count - 1]);
        }
    }

    @Test
    void closeMeansClose() throws IOException {
        new SafetensorsWriter().add("a", new float[] {1}, 1).write(directory.resolve("model.safetensors"));
        Checkpoint checkpoint = Checkpoint.open(directory);
        Weight weight = checkpoint.weights().get("a", 1);
        checkpoint.close();
        checkpoint.close();
        assertThrows(IllegalStateException.class, checkpoint::weights);
        assertThrows(IllegalStateException.class, weight::toArray);
    }

    @Test
    void shardsByTheirIndex() throws IOException {
        new SafetensorsWriter().add("a", new float[] {1}, 1).write(directory.resolve("one.safetensors"));
        new SafetensorsWriter().add("b", new float[] {2}, 1).write(directory.resolve("two.safetensors"));
        index("{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertEquals(2, checkpoint.weights().get("b", 1).item());
            assertEquals(Set.of("a", "b"), checkpoint.weights().names());
        }
    }

    @Test
    void brokenIndexesAreRefused() throws IOException {
        new SafetensorsWriter().add("a", new float[] {1}, 1).write(directory.resolve("one.safetensors"));
        String[][] cases = {
            {"{}", "weight_map: missing"},
            {"[]", "expected an object"},
            {"{\"weight_map\":{\"a\":1}}", "weight_map.a: expected a string"},
            {"{\"weight_map\":{\"a\":\"one.safetensors\",\"a\":\"one.safetensors\"}}", "twice"},
            {"{\"weight_map\":{},\"weight_map\":{}}", "twice"},
            {
                "{\"weight_map\":{\"b\":\"one.safetensors\"}}",
                "b: expected in one.safetensors, which holds no such tensor"
            },
            {"{\"weight_map\":{\"a\":\"three.safetensors\"}}", "a: expected in three.safetensors, which is not in the"},
            {"{\"weight_map\":{\"a\":\"../one.safetensors\"}}", "expected a plain file name"},
            {"{\"weight_map\":{\"a\":\"/etc/passwd\"}}", "expected a plain file name"},
            {"{\"weight_map\":{\"a\":\"x\\u0000\"}}", "expected a plain file name"},
            {"{\"weight_map\":{\"a\":\"\"}}", "expected a plain file name"},
            {"{\"weight_map\":{\"a\":\"..\"}}", "expected a plain file name"}
        };
        for (String[] broken : cases) {
            index(broken[0]);
            assertComplaint(broken[1], () -> Checkpoint.open(directory));
        }
    }

    private void index(String json) throws IOException {
        Files.writeString(directory.resolve("model.safetensors.index.json"), json);
    }

    private static void assertComplaint(String complaint, org.junit.jupiter.api.function.Executable opening) {
        MalformedFileException e = assertThrows(MalformedFileException.class, opening);
        assertTrue(e.getMessage().contains(complaint), e.getMessage());
    }
}
