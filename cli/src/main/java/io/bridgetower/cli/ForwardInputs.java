package io.bridgetower.cli;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.checkpoint.SafetensorsFile;
import io.bridgetower.model.checkpoint.TensorReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * The tensors that a model runs on.
 *
 * @param ids token ids, by text
 * @param mask 0 for tokens that only fill up a batch; null if there are none
 * @param pixels [texts, channels, height, width]
 */
record ForwardInputs(int[][] ids, int[][] mask, Tensor pixels) {
    private static final String MASK = "attention_mask";

    /** Reads a safetensors file; the pixels live as long as {@code arena}. */
    static ForwardInputs read(Path path, Arena arena) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            TensorReader reader = new TensorReader(file);
            return new ForwardInputs(
                    reader.readInts("input_ids"),
                    reader.has(MASK) ? reader.readInts(MASK) : null,
                    reader.readFloats("pixel_values", arena));
        }
    }
}
