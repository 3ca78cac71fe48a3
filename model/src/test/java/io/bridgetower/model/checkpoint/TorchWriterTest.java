package io.bridgetower.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that torch itself wrote, by {@code make.py} beside them. */
class TorchWriterTest {
    @TempDir
    private Path directory;

    @Test
    void viewsHaveTheElementsThatTorchSees() throws IOException {
        try (Checkpoint checkpoint = checkpoint("views")) {
            Weights weights = checkpoint.weights();
            assertEquals(23, weights.get("whole", 4, 6).toArray()[23]);
            assertArrayEquals(
                    new float[] {6, 7, 8, 9, 10, 11}, weights.get("row", 6).toArray());
            assertArrayEquals(
                    new float[] {2, 8, 14, 20}, weights.get("column", 4).toArray());
            float[] transposed = weights.get("transposed", 6, 4).toArray();
            for (int i = 0; i < 24; i++) assertEquals(i % 4 * 6 + i / 4, transposed[i]);
            assertArrayEquals(
                    new float[] {8, 9, 10, 14, 15, 16},
                    weights.get("corner", 2, 3).toArray());
            assertArrayEquals(
                    new float[] {0, 3, 12, 15}, weights.get("steps", 2, 2).toArray());
            assertArrayEquals(
                    new float[] {7, 7, 7, 7, 7, 7},
                    weights.get("expanded", 2, 3).toArray());
            assertEquals(3.5f, weights.get("scalar").item());
            assertEquals(0, weights.get("empty", 0, 4).size());
            assertArrayEquals(
                    new float[] {0.5f, 0.5f, 0.5f, 0.5f},
                    weights.get("parameter", 2, 2).toArray());
            float[] image = weights.get("channels_last", 1, 2, 2, 4).toArray();
            for (int i = 0; i < 16; i++) assertEquals(i, image[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"types", "protocol4"})
    void everyTypeIsListedAndFloatsAreWeights(String name) throws IOException {
        try (Checkpoint checkpoint = checkpoint(name);
                StoredTensors tensors = StoredTensors.in(directory, null)) {
            assertEquals(
                    List.of("F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"),
                    tensors.list().stream().map(info -> info.dtype().name()).toList());
            for (String type : new String[] {"float64", "float32", "float16", "bfloat16"}) {
                assertArrayEquals(
                        new float[] {0, 1, 2, 100},
                        checkpoint.weights().get(type, 4).toArray(),
                        type);
            }
        }
    }

    @Test
    void aTrainersFileHoldsAModelInAWrapper() throws IOException {
        try (Checkpoint checkpoint = checkpoint("trainer")) {
            assertEquals(
                    Set.of(
                            "bridgetower.weight",
                            "bridgetower.bias",
                            "LayerNorm.weight",
                            "LayerNorm.bias",
                            "position_ids"),
                    checkpoint.weights().names());
            assertEquals(6, checkpoint.trunk().get("weight", 2, 3).size());
            assertArrayEquals(
                    new float[] {1, 1},
                    checkpoint.weights().get("LayerNorm.weight", 2).toArray());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "legacy, save its state dict again",
        "module, asks for __main__.Model",
        "sparse, asks for torch._utils._rebuild_sparse_tensor",
        "size, asks for torch.Size"
    })
    void whatIsNoStateDictIsRefusedWithWhatToDo(String name, String complaint) {
        MalformedFileException e = assertThrows(
                MalformedFileException.class, () -> checkpoint(name).close());
        assertTrue(e.getMessage().contains(complaint), e.getMessage());
        assertTrue(e.getMessage().contains("where you trust the file"), e.getMessage());
    }

    @Test
    void everyCutIsRefused() throws IOException {
        checkpoint("types").close();
        Path file = directory.resolve("pytorch_model.bin");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThrows(MalformedFileException.class, () -> Checkpoint.open(directory));
        }
    }

    private Checkpoint checkpoint(String name) throws IOException {
        try {
            Path file = Path.of(
                    TorchWriterTest.class.getResource("/torch/" + name + ".bin").toURI());
            Files.write(directory.resolve("pytorch_model.bin"), Files.readAllBytes(file));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
        Files.writeString(directory.resolve("config.json"), "{}");
        return Checkpoint.open(directory);
    }
}
