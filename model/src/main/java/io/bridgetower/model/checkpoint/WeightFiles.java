package io.bridgetower.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The weights of a model directory, in one of the forms in which they are published.
 *
 * @param path the file of weights, or the index of several
 * @param form how to read it
 */
record WeightFiles(Path path, Form form) {
    /** In the order of preference. */
    private enum Form {
        SAFETENSORS("model.safetensors"),
        SAFETENSORS_SHARDS("model.safetensors.index.json"),
        TORCH("pytorch_model.bin"),
        TORCH_SHARDS("pytorch_model.bin.index.json");

        private final String fileName;

        Form(String fileName) {
            this.fileName = fileName;
        }
    }

    /**
     * Finds the weights.
     *
     * @throws NoSuchFileException if there are none
     */
    static WeightFiles in(Path directory) throws NoSuchFileException {
        StringBuilder names = new StringBuilder();
        for (Form form : Form.values()) {
            Path path = directory.resolve(form.fileName);
            if (Files.isRegularFile(path)) return new WeightFiles(path, form);
            names.append(names.isEmpty() ? "" : ", ").append(form.fileName);
        }
        throw new NoSuchFileException(directory.toString(), null, "no weights in this directory, looked for " + names);
    }

    /** Maps them. */
    TensorSource open() throws IOException {
        return switch (form) {
            case SAFETENSORS -> SafetensorsFile.open(path);
            case SAFETENSORS_SHARDS -> ShardedFiles.open(path, SafetensorsFile::open);
            case TORCH -> TorchFile.open(path);
            case TORCH_SHARDS -> ShardedFiles.open(path, TorchFile::open);
        };
    }
}
