package io.bridgetower.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsFile;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsFixture;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.checkpoint.safetensors.TensorReader;
import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.checkpoint.torch.PickleFixture;
import io.bridgetower.model.checkpoint.torch.ZipFixture;
import io.bridgetower.testing.ForkedJvm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversionTest {
    private static final float THIRD = 1 / 3f;

    @TempDir
    private Path directory;

    private Path from;
    private Path to;

    @BeforeEach
    void model() throws IOException {
        from = Files.createDirectory(directory.resolve("from"));
        to = directory.resolve("a/b/to");
        Files.writeString(
                from.resolve("config.json"),
                "{\"torch_dtype\":\"float32\",\"layer_norm_eps\":1e-05,\"big\":12345678901234567890,"
                        + "\"text_config\":{\"torch_dtype\":\"float32\"},\"model_type\":\"bridgetower\"}");
        Files.writeString(from.resolve("tokenizer.json"), "{\"a\": 1}\n");
        Files.writeString(from.resolve("merges.txt"), "a b\n");
        Files.writeString(from.resolve("training_args.bin"), "not a file that a model needs");
        new SafetensorsWriter()
                .add("module.x.LayerNorm.gamma", new float[] {1, -0f, THIRD}, 3)
                .add("ids", new long[] {1, 2}, 1, 2)
                .metadata("note", "kept")
                .write(from.resolve("model.safetensors"));
    }

    @Test
    void aVariantBecomesTheWeightsWithoutOne() throws IOException {
        new SafetensorsWriter().add("half", new float[] {1}, 1).write(from.resolve("model.fp16.safetensors"));
        Files.writeString(
                from.resolve("model.safetensors.index.other.json"),
                "{\"weight_map\": {\"half\": \"model.fp16.safetensors\"}}");
        for (String variant : List.of("fp16", "other")) {
            Path converted = directory.resolve(variant);
            Conversion.run(from, converted, null, variant);
            try (SafetensorsFile file = SafetensorsFile.open(converted.resolve("model.safetensors"))) {
                assertEquals(Set.of("half"), file.names());
            }
            assertFalse(Files.exists(converted.resolve("model.safetensors.index.other.json")));
        }
    }

    @Test
    void withoutATypeEveryByteStays() throws IOException {
        Conversion.run(from, to, null);
        for (String name : List.of("config.json", "tokenizer.json", "merges.txt")) {
            assertArrayEquals(Files.readAllBytes(from.resolve(name)), Files.readAllBytes(to.resolve(name)));
        }
        try (Checkpoint checkpoint = Checkpoint.open(to);
                SafetensorsFile file = SafetensorsFile.open(to.resolve("model.safetensors"))) {
            assertArrayEquals(
                    new float[] {1, -0f, THIRD},
                    checkpoint.weights().get("x.LayerNorm.weight", 3).toArray());
            assertArrayEquals(new int[][] {{1, 2}}, new TensorReader(file).readInts("ids"));
            assertEquals(Map.of("format", "pt", "note", "kept"), file.metadata());
        }
        try (Stream<Path> files = Files.list(to)) {
            assertEquals(4, files.count(), "no other file and no temporary one");
        }
    }

    @Test
    void floatsAreRoundedAndTheConfigurationSaysSo() throws IOException {
        Conversion.run(from, to, Conversion.Target.BF16);
        try (SafetensorsFile file = SafetensorsFile.open(to.resolve("model.safetensors"))) {
            assertEquals(DType.BF16, file.info("x.LayerNorm.weight").dtype());
            assertEquals(DType.I64, file.info("ids").dtype());
        }
        try (Checkpoint checkpoint = Checkpoint.open(to)) {
            assertArrayEquals(
                    new float[] {1, -0f, 0.333984375f},
                    checkpoint.weights().get("x.LayerNorm.weight", 3).toArray());
        }
        String config = Files.readString(to.resolve("config.json"));
        assertFalse(config.contains("float32"), config);
        assertTrue(config.contains("\"big\": 12345678901234567890"), config);
        Path wide = directory.resolve("wide");
        Conversion.run(to, wide, Conversion.Target.F32);
        try (Checkpoint checkpoint = Checkpoint.open(wide)) {
            assertEquals(
                    DType.F32, checkpoint.weights().info("x.LayerNorm.weight").dtype());
            assertEquals(
                    0.333984375f,
                    checkpoint.weights().get("x.LayerNorm.weight", 3).toArray()[2]);
        }
        assertTrue(Files.readString(wide.resolve("config.json")).contains("\"torch_dtype\": \"float32\""));
    }

    @Test
    void viewsOfTorchLieInOrderAfterwards() throws IOException {
        Files.delete(from.resolve("model.safetensors"));
        byte[] pickle = new PickleFixture()
                .op('}')
                .text("a")
                .tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3})
                .op('s')
                .bytes();
        Files.write(from.resolve("pytorch_model.bin"), ZipFixture.archive(pickle, PickleFixture.floats(6)));
        for (Conversion.Target target : new Conversion.Target[] {null, Conversion.Target.F16}) {
            Conversion.run(from, to, target);
            try (Checkpoint checkpoint = Checkpoint.open(to)) {
                assertArrayEquals(
                        new float[] {0, 3, 1, 4, 2, 5},
                        checkpoint.weights().get("a", 3, 2).toArray());
            }
        }
    }

    @Test
    void aNumberThatDoesNotFitLeavesNoWeights() throws IOException {
        new SafetensorsWriter().add("far", new float[] {1e6f}, 1).write(from.resolve("model.safetensors"));
        MalformedFileException e =
                assertThrows(MalformedFileException.class, () -> Conversion.run(from, to, Conversion.Target.F16));
        assertEquals(from.resolve("model.safetensors") + ": far: 1000000.0 does not fit F16", e.getMessage());
        try (Stream<Path> files = Files.list(to)) {
            assertEquals(List.of(), files.toList(), "so that another type can be tried");
        }
    }

    @Test
    void shardsKeepTheirMetadata() throws IOException {
        Files.move(from.resolve("model.safetensors"), from.resolve("1.safetensors"));
        new SafetensorsWriter()
                .add("y", new float[] {1}, 1)
                .metadata("note", "another")
                .metadata("step", "7")
                .write(from.resolve("2.safetensors"));
        Files.writeString(
                from.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"ids\":\"1.safetensors\",\"y\":\"2.safetensors\"}}");
        Conversion.run(from, to, null);
        try (SafetensorsFile file = SafetensorsFile.open(to.resolve("model.safetensors"))) {
            assertEquals(Map.of("format", "pt", "note", "kept", "step", "7"), file.metadata());
            assertEquals(Set.of("ids", "y"), file.names());
        }
        assertFalse(Files.exists(to.resolve("model.safetensors.index.json")));
    }

    @Test
    void aTensorIsNotTakenForMetadata() throws IOException {
        Files.delete(from.resolve("model.safetensors"));
        byte[] pickle = new PickleFixture()
                .op('}')
                .text("__metadata__")
                .tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1})
                .op('s')
                .bytes();
        Files.write(from.resolve("pytorch_model.bin"), ZipFixture.archive(pickle, PickleFixture.floats(6)));
        assertThrows(MalformedFileException.class, () -> Conversion.run(from, to, null));
    }

    @Test
    void aModelIsNotConvertedOntoItself() {
        assertThrows(IllegalArgumentException.class, () -> Conversion.run(from, from, null));
        assertThrows(NoSuchFileException.class, () -> Conversion.run(directory, to, null));
    }

    /** 600 MB of weights pass through less heap than a tenth of them. */
    @Test
    void weightsDoNotPassThroughTheHeap() throws IOException {
        long elements = 150_000_000;
        String header =
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[" + elements + "],\"data_offsets\":[0," + 4 * elements + "]}}";
        Path weights = SafetensorsFixture.write(from.resolve("model.safetensors"), header, 0);
        try (RandomAccessFile sparse = new RandomAccessFile(weights.toFile(), "rw")) {
            sparse.setLength(sparse.length() + 4 * elements);
        }
        new ForkedJvm(ConversionRun.class).megabytes(40).run(from, to);
        assertEquals(2 * elements, Files.size(to.resolve("model.safetensors")) / 64 * 64, 1024);
    }
}
