package io.bridgetower.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What wrappers of modules put into the names of tensors is left out. */
class WeightNamesTest {
    @TempDir
    private Path directory;

    /** Of DataParallel, torch.compile, Lightning, FSDP and activation checkpointing, one around the other or a part. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bridgetower.",
                "module.bridgetower.",
                "_orig_mod.bridgetower.",
                "model.bridgetower.",
                "module._orig_mod.bridgetower.",
                "_orig_mod.module.model.bridgetower.",
                "model._orig_mod.bridgetower.",
                "module.model.bridgetower._orig_mod.",
                "bridgetower._fsdp_wrapped_module._checkpoint_wrapped_module."
            })
    void namesOfWrappers(String prefix) throws IOException {
        Files.writeString(directory.resolve("config.json"), "{}");
        new SafetensorsWriter()
                .add(prefix + "text_model.x", new float[] {1}, 1)
                .add(prefix.replaceAll("bridgetower\\..*", "") + "itm_score.fc.bias", new float[] {2}, 1)
                .write(directory.resolve("model.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertEquals(
                    Set.of("bridgetower.text_model.x", "itm_score.fc.bias"),
                    checkpoint.weights().names());
            assertTrue(checkpoint.textModel().has("x"));
        }
    }
}
