package io.bridgetower.model.checkpoint;

import io.bridgetower.model.checkpoint.safetensors.SafetensorsFile;
import io.bridgetower.model.checkpoint.tensor.ShardIndex;
import io.bridgetower.model.checkpoint.tensor.ShardedFiles;
import io.bridgetower.model.checkpoint.tensor.TensorSource;
import io.bridgetower.model.checkpoint.torch.TorchFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The weights of a model directory, in one of the forms in which they are published.
 *
 * @param path the file of weights, or the index of several
 * @param form how to read it
 */
public record WeightFiles(Path path, Form form) implements TensorFiles {
    private static final Pattern VARIANT = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern INDEX = Pattern.compile(".+\\.index(\\." + VARIANT + ")?\\.json");

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

        /**
         * The name of the file of a variant, which stands before the last dot: {@code model.fp16.safetensors},
         * {@code model.safetensors.index.fp16.json}.
         *
         * @param variant null for none
         * @throws IllegalArgumentException if a file name cannot have it as a part
         */
        public String fileName(String variant) {
            if (variant == null) return fileName;
            if (!VARIANT.matcher(variant).matches()) {
                throw new IllegalArgumentException(
                        "variant: expected letters, digits, - and _, found \"" + variant + '"');
            }
            return stem() + variant + ending();
        }

        /** The variant of this form that a file is of, or null. */
        private String variant(String file) {
            if (!file.startsWith(stem()) || !file.endsWith(ending())) return null;
            int end = file.length() - ending().length();
            String variant = end > stem().length() ? file.substring(stem().length(), end) : "";
            return VARIANT.matcher(variant).matches() ? variant : null;
        }

        private String stem() {
            return fileName.substring(0, fileName.lastIndexOf('.') + 1);
        }

        private String ending() {
            return fileName.substring(fileName.lastIndexOf('.'));
        }

        /** Whether the file is a {@link ShardIndex}. */
        public boolean isIndex() {
            return index;
        }
    }

    /**
     * Finds the weights.
     *
     * @param variant as {@code save_pretrained} names it, {@code fp16} for example; null for the weights without one
     * @throws NoSuchFileException if there are none
     * @throws IllegalArgumentException if a file name cannot have the variant as a part
     */
    public static WeightFiles in(Path directory, String variant) throws IOException {
        StringBuilder names = new StringBuilder();
        for (Form form : Form.values()) {
            String name = form.fileName(variant);
            Path path = directory.resolve(name);
            if (Files.isRegularFile(path)) return new WeightFiles(path, form);
            names.append(names.isEmpty() ? "" : ", ").append(name);
        }
        SortedSet<String> variants = variants(directory);
        String others = variants.isEmpty() ? "" : "; there are variants: " + String.join(", ", variants);
        throw new NoSuchFileException(
                directory.toString(), null, "no weights in this directory, looked for " + names + others);
    }

    private static SortedSet<String> variants(Path directory) throws IOException {
        SortedSet<String> variants = new TreeSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                for (Form form : Form.values()) {
                    String variant = form.variant(file.getFileName().toString());
                    if (variant != null) variants.add(variant);
                }
            }
        }
        return variants;
    }

    /** Whether a file, by its name, is an index of weights, of a variant or not. */
    static boolean isIndex(String name) {
        return INDEX.matcher(name).matches();
    }

    /** The form of one file, by the ending of its name. */
    public static WeightFiles of(Path file) {
        String name = file.getFileName().toString();
        if (isIndex(name) && name.contains(".bin.index.")) return new WeightFiles(file, Form.TORCH_SHARDS);
        if (name.endsWith(".json")) return new WeightFiles(file, Form.SAFETENSORS_SHARDS);
        boolean torch = Stream.of(".bin", ".pt", ".pth", ".ckpt").anyMatch(name::endsWith);
        return new WeightFiles(file, torch ? Form.TORCH : Form.SAFETENSORS);
    }

    /** Maps them. */
    @Override
    public TensorSource open() throws IOException {
        return switch (form) {
            case SAFETENSORS -> SafetensorsFile.open(path);
            case SAFETENSORS_SHARDS -> ShardedFiles.open(path, SafetensorsFile::open);
            case TORCH -> TorchFile.open(path);
            case TORCH_SHARDS -> ShardedFiles.open(path, TorchFile::open);
        };
    }
}
