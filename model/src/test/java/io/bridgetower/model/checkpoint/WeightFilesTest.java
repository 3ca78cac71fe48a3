package io.bridgetower.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a model directory hold the weights. */
class WeightFilesTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void config() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{}");
    }

    @Test
    void variantsAreReadWhereTheyAreAskedFor() throws IOException {
        SafetensorsWriter half = new SafetensorsWriter().add("half", new float[] {1}, 1);
        half.write(directory.resolve("model.fp16.safetensors"));
        assertMissing("there are variants: fp16", null);
        new SafetensorsWriter().add("whole", new float[] {1}, 1).write(directory.resolve("model.safetensors"));
        half.write(directory.resolve("shard.safetensors"));
        Files.writeString(
                directory.resolve("model.safetensors.index.v2.json"),
                "{\"weight_map\": {\"half\": \"shard.safetensors\"}}");
        assertEquals(Set.of("whole"), names(null));
        assertEquals(Set.of("half"), names("fp16"));
        assertEquals(Set.of("half"), names("v2"));
        assertMissing(
                "looked for model.bf16.safetensors, model.safetensors.index.bf16.json, pytorch_model.bf16.bin,"
                        + " pytorch_model.bin.index.bf16.json; there are variants: fp16, v2",
                "bf16");
        for (String bad : new String[] {"", "../x", "a/b", "a.b"}) {
            assertThrows(IllegalArgumentException.class, () -> Checkpoint.open(directory, bad), bad);
        }
    }

    private void assertMissing(String complaint, String variant) {
        NoSuchFileException e = assertThrows(NoSuchFileException.class, () -> Checkpoint.open(directory, variant));
        assertTrue(e.getReason().contains(complaint), e.getReason());
    }

    private Set<String> names(String variant) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory, variant)) {
            return checkpoint.weights().names();
        }
    }
}
