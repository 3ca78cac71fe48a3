package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.config.BridgeTowerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bridgetower init}. */
class InitTest {
    @TempDir
    private Path directory;

    @Test
    void writesAModelThatLoads() throws IOException {
        Path first = directory.resolve("new/first"), second = directory.resolve("second");
        Object[] args = {"init", "--config", Run.DEMO, "--seed", -3, "--output", first};
        assertEquals("", Run.of(args).succeeds());
        BridgeTowerConfig config = BridgeTowerConfig.load(first);
        assertEquals(128, config.hiddenSize());
        assertEquals("float32", config.otherFields().get("torch_dtype"));
        BridgeTowerForImageAndTextRetrieval.load(first, new ModelOptions(1)).close();
        Run.of("init", "--config", Run.DEMO.resolve("config.json"), "--seed", -3, "--output", second)
                .succeeds();
        assertEquals(-1, Files.mismatch(first.resolve("model.safetensors"), second.resolve("model.safetensors")));
        Run.of(args).fails(first, "already");
    }

    /** Newer versions of the reference call it so. */
    @Test
    void theTypeOfTheWeightsIsSaidByBothOfItsNames() throws IOException {
        String json = Files.readString(Run.DEMO.resolve("config.json")).replace("torch_dtype", "dtype");
        Path config = Files.writeString(directory.resolve("config.json"), json), out = directory.resolve("out");
        Run.of("init", "--config", config, "--output", out).succeeds();
        assertEquals("float32", BridgeTowerConfig.load(out).otherFields().get("dtype"));
        Run.of("convert", "--model", out, "--dtype", "bf16", "--output", directory.resolve("narrow"))
                .succeeds();
        Path narrow = directory.resolve("narrow/config.json");
        assertEquals("bfloat16", BridgeTowerConfig.load(narrow).otherFields().get("dtype"));
    }

    @Test
    void refusesWhatItCannotMake() throws IOException {
        Path out = directory.resolve("out"),
                file = Files.writeString(directory.resolve("file"), "{\"hidden_size\": 0}");
        Run.of("init", "--config", "huge", "--output", out).fails("huge", "no such file");
        Run.of("init", "--config", file, "--output", out).fails(file, "hidden_size");
        Run.of("init", "--config", Run.DEMO, "--output", file).fails(file, "directory");
        Run.of("init", "--config", Run.DEMO, "--seed", "x", "--output", out).isMisuse("--seed");
        Run.of("init", "--output", out).isMisuse("--config");
    }
}
