package io.bridgetower.model.init;

import io.bridgetower.model.checkpoint.ConfigDType;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.config.BridgeTowerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes a checkpoint with random weights, as the reference initialises a model that has not been trained: all heads,
 * the reference's names and shapes, 32-bit floats. Tensors are made while they are written, so memory does not grow with
 * the model.
 */
public final class RandomWeights {
    private RandomWeights() {}

    /**
     * Writes {@code config.json} and {@code model.safetensors}.
     *
     * @param seed makes the numbers; the same seed and configuration give the same file
     * @param directory created if need be; older files of these names are replaced
     * @throws IOException if a file cannot be written
     */
    public static void write(BridgeTowerConfig config, long seed, Path directory) throws IOException {
        Files.createDirectories(directory);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (Map.Entry<String, ModelTensors.Initial> tensor :
                ModelTensors.of(config).entrySet()) {
            ModelTensors.Initial initial = tensor.getValue();
            // Of its own for every tensor, so that it does not depend on which others there are.
            SplittableRandom random = new SplittableRandom(
                    seed * 0x9E3779B97F4A7C15L + tensor.getKey().hashCode());
            writer.add(
                    tensor.getKey(),
                    () -> (float) (initial.mean()
                            + (initial.deviation() == 0 ? 0 : initial.deviation() * random.nextGaussian())),
                    initial.shape());
        }
        asWritten(config).save(directory);
        writer.write(directory.resolve("model.safetensors"));
    }

    private static BridgeTowerConfig asWritten(BridgeTowerConfig config) {
        BridgeTowerConfig.Builder written = config.toBuilder();
        for (String name : ConfigDType.NAMES) {
            if (config.otherFields().get(name) != null) written.otherField(name, "float32");
        }
        return written.build();
    }
}
