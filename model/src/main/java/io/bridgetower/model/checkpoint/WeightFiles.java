package io.bridgetower.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The weights of a model directory, in one of the forms in which they are published.
 *
 * @param path the file of weights, or the index of several
 * @param form how to read it
 */
public record WeightFiles(Path path, Form form) {
    /** The forms, in the order of preference. */
    public enum Form {
        /** One file of safetensors. */
        SAFETENSORS("model.safetensors", false),
        /** Several files of safetensors and their index. */
        SAFETENSORS_SHARDS("model.safetensors.index.json", true),
        /** One file of {@code torch.save}. */
        TORCH("pytorch_model.bin", false),
        /** Several files of {@code torch.save} and their index. */
        TORCH_SHARDS("pytorch_model.bin.index.json", true);

        private final String fileName;
        private final boolean index;

        Form(String fileName, boolean index) {
            this.fileName = fileName;
            this.index = index;
        }

        /** The name of the file of weights, or of the index. */
        public String fileName() {
            return fileName;
        }

        /** Whether the file is a {@link ShardIndex}. */
        public boolean isIndex() {
            return index;
        }
    }

    /**
     * Finds the weights.
     *
     * @throws NoSuchFileException if there are none
     */
    public static WeightFiles in(Path directory) throws NoSuchFileException {
        StringBuilder names = new StringBuilder();
        for (Form form : Form.values()) {
            Path path = directory.resolve(form.fileName);
            if (Files.isRegularFile(path)) return new WeightFiles(path, form);
            names.append(names.isEmpty() ? "" : ", ").append(form.fileName);
        }
        throw new NoSuchFileException(directory.toString(), null, "no weights in this directory, looked for " + names);
    }

    /** The form of one file, by the ending of its name. */
    static WeightFiles of(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".bin.index.json")) return new WeightFiles(file, Form.TORCH_SHARDS);
        if (name.endsWith(".json")) return new WeightFiles(file, Form.SAFETENSORS_SHARDS);
        boolean torch = Stream.of(".bin", ".pt", ".pth", ".ckpt").anyMatch(name::endsWith);
        return new WeightFiles(file, torch ? Form.TORCH : Form.SAFETENSORS);
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
