package io.bridgetower.model.checkpoint;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.tensor.TensorSource;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A model directory as Hugging Face lays it out: {@code config.json} and the weights beside it. The weights are mapped,
 * not read; what {@link Weights} hands out dies when the checkpoint is closed. Safe to share between threads.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final String TRUNK = "bridgetower";

    private final Path directory;
    private final TensorSource source;
    private final Weights weights;

    /** What config.json leaves out. */
    private final BridgeTowerConfig defaults;

    /** Null if the directory holds a text or vision model alone. */
    private final BridgeTowerConfig config;

    /** Null for a directory. */
    private final OriginalCheckpoint original;

    private volatile boolean closed;

    private Checkpoint(Path directory, TensorSource source, Weights weights) throws IOException {
        this.directory = directory;
        this.source = source;
        this.weights = weights;
        this.defaults = WeightDefaults.of(heads(), trunk(), textModel());
        this.config = readConfig(directory, defaults);
        this.original = null;
    }

    private Checkpoint(OriginalCheckpoint original, Weights weights) {
        this.directory = original.path();
        this.source = original.file();
        this.weights = weights;
        this.defaults = original.config();
        this.config = original.config();
        this.original = original;
    }

    /**
     * Opens a directory, or a {@linkplain OriginalCheckpoint file of the authors' code}, whose name ends in {@code .ckpt}. Of several forms of weights that it may hold, the first of these is taken:
     * {@code model.safetensors}, {@code model.safetensors.index.json}, {@code pytorch_model.bin},
     * {@code pytorch_model.bin.index.json}.
     *
     * @throws IOException as {@link #open(Path, String)}
     */
    public static Checkpoint open(Path directory) throws IOException {
        return open(directory, null);
    }

    /**
     * Opens a directory with the weights of a variant: {@code model.fp16.safetensors} for {@code fp16}, for example, or
     * {@code model.safetensors.index.fp16.json}, or the like of {@code pytorch_model}.
     *
     * @param variant as {@code save_pretrained} names it; null for the weights without one
     * @throws IllegalArgumentException if a file name cannot have the variant as a part, or a file has no variants
     * @throws NoSuchFileException if the directory, its config.json or its weights are not there
     * @throws MalformedFileException if config.json is not valid, or the weights are not in the format that their name
     *     says
     * @throws IOException if a file cannot be read
     */
    public static Checkpoint open(Path directory, String variant) throws IOException {
        if (OriginalCheckpoint.isNamed(directory)) return openOriginal(directory, variant);
        if (!Files.exists(directory)) throw new NoSuchFileException(directory.toString(), null, "no such directory");
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + ": expected a model directory, found a file");
        }
        if (!Files.isRegularFile(directory.resolve(CONFIG))) {
            throw new NoSuchFileException(directory.toString(), null, "no " + CONFIG + " in this directory");
        }
        // Refused before the weights, which may be large and many.
        readConfig(directory, BridgeTowerConfig.builder().build());
        WeightFiles files = WeightFiles.in(directory, variant);
        TensorSource source = files.open();
        try {
            Map<String, String> names = WeightNames.canonical(files.path(), source.names());
            TensorDigests digests = new TensorDigests(files, source.stamps(), DigestCache.of(files.path()));
            return new Checkpoint(directory, source, new Weights(source, digests, names, files.path()));
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static Checkpoint openOriginal(Path file, String variant) throws IOException {
        if (variant != null) throw new IllegalArgumentException(file + ": has no variants, found " + variant);
        OriginalCheckpoint original = OriginalCheckpoint.open(file, 0);
        try {
            OriginalFile source = original.file();
            TensorDigests digests = new TensorDigests(new OriginalTensors(file), source.stamps(), DigestCache.of(file));
            return new Checkpoint(
                    original, new Weights(source, digests, WeightNames.canonical(file, source.names()), file));
        } catch (IOException | RuntimeException e) {
            original.close();
            throw e;
        }
    }

    private record OriginalTensors(Path path) implements TensorFiles {
        @Override
        public TensorSource open() throws IOException {
            return OriginalFile.open(path, 0);
        }
    }

    /** What is known about a file of the authors' code; empty for a directory. */
    public Optional<OriginalCheckpoint> original() {
        return Optional.ofNullable(original);
    }

    /** The directory that was opened, or the file of the authors' code. */
    public Path directory() {
        return directory;
    }

    /**
     * The configuration of the whole model.
     *
     * @throws MalformedFileException if config.json is that of a text or vision model alone
     * @throws IOException if it cannot be read
     */
    public BridgeTowerConfig config() throws IOException {
        return config != null ? config : BridgeTowerConfig.load(directory);
    }

    /** The configuration of the text model, alone or as a part; throws as {@link #config}. */
    public BridgeTowerTextConfig textConfig() throws IOException {
        return original != null ? config.textConfig() : BridgeTowerTextConfig.load(directory, defaults.textConfig());
    }

    /** The configuration of the vision model, alone or as a part; throws as {@link #config}. */
    public BridgeTowerVisionConfig visionConfig() throws IOException {
        return original != null ? config.visionConfig() : BridgeTowerVisionConfig.load(directory);
    }

    /**
     * Every tensor by its full name.
     *
     * @throws IllegalStateException if the checkpoint is closed
     */
    public Weights weights() {
        if (closed) throw new IllegalStateException("checkpoint " + directory + " is closed");
        return weights;
    }

    /** The tensors of the model without heads, whether or not the file puts {@code bridgetower.} before their names. */
    public Weights trunk() {
        Weights trunk = weights().sub(TRUNK);
        return trunk.isEmpty() ? weights() : trunk;
    }

    /** The tensors of the heads: {@code itm_score}, {@code mlm_score} and so on, as many as there are. */
    public Weights heads() {
        return weights();
    }

    /** The tensors of the text model, alone in its file or as a part of the trunk. */
    public Weights textModel() {
        return part("text_model");
    }

    /** The tensors of the vision model, alone in its file or as a part of the trunk. */
    public Weights visionModel() {
        return part("vision_model");
    }

    /** Unmaps the weights. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        source.close();
    }

    private static BridgeTowerConfig readConfig(Path directory, BridgeTowerConfig defaults) throws IOException {
        try {
            return BridgeTowerConfig.load(directory, defaults);
        } catch (MalformedFileException e) {
            if ("model_type".equals(e.field())) return null;
            throw e;
        }
    }

    private Weights part(String name) {
        Weights part = trunk().sub(name);
        return part.isEmpty() ? trunk() : part;
    }
}
