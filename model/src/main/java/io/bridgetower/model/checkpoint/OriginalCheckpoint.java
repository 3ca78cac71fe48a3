package io.bridgetower.model.checkpoint;

import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.config.BridgeTowerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.SortedSet;

/**
 * A checkpoint of the authors' code (github.com/microsoft/BridgeTower), a file of PyTorch Lightning, read as a model of this
 * library. Nothing in it is executed. Safe to share between threads.
 */
public final class OriginalCheckpoint implements AutoCloseable {
    private static final String ENDING = ".ckpt";

    private final Path path;
    private final OriginalFile file;
    private final BridgeTowerConfig config;
    private final boolean fineTuned;
    private final OptionalInt maxTextTokens;

    private OriginalCheckpoint(Path path, OriginalFile file) throws IOException {
        this.path = path;
        this.file = file;
        config = OriginalConfig.of(path, file);
        fineTuned = OriginalConfig.isFineTuned(file);
        maxTextTokens = OriginalConfig.maxTextTokens(file);
    }

    /** Whether a path names such a file, by its ending. */
    public static boolean isNamed(Path path) {
        return path.getFileName() != null
                && path.getFileName().toString().endsWith(ENDING)
                && Files.isRegularFile(path);
    }

    /**
     * Maps a file.
     *
     * @param imageSize side of the images that the model is to take, to which its position embeddings are resized; 0 for the
     *     size that the hyper-parameters name
     * @throws MalformedFileException if the file is none of the authors' code, or not valid
     * @throws IllegalArgumentException if patches do not fill images of this size
     * @throws IOException if it cannot be read
     */
    public static OriginalCheckpoint open(Path path, int imageSize) throws IOException {
        OriginalFile file = OriginalFile.open(path, imageSize);
        try {
            return new OriginalCheckpoint(path, file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** The configuration that its weights and hyper-parameters stand for. */
    public BridgeTowerConfig config() {
        return config;
    }

    /**
     * Whether it was fine-tuned for a task. The authors resize images for such a model to its size without keeping their
     * ratio; for one that was only pre-trained, they resize the shorter side and cut out the centre.
     */
    public boolean isFineTuned() {
        return fineTuned;
    }

    /** Tokens to which texts were truncated, if the hyper-parameters tell. */
    public OptionalInt maxTextTokens() {
        return maxTextTokens;
    }

    /** Classes of which the file holds objects that were passed over, such as those of callbacks. */
    public SortedSet<String> passedOver() {
        return file.trainer().passedOver();
    }

    /** Tensors of the state dict that no model here reads, by the names that the authors' code gives them. */
    public SortedSet<String> unused() {
        return file.unused();
    }

    /**
     * Writes {@code model.safetensors} and {@code config.json}. Files of these names are replaced, each when it is whole.
     *
     * @param to created if need be
     * @param target the type of floats, as {@link Conversion#run(Path, Path, Conversion.Target)}; null to keep them
     * @param written the configuration to write: {@link #config()}, or that with names of labels
     * @param addition writes other files, before config.json
     * @throws IOException if a file cannot be read or written
     */
    public void write(Path to, Conversion.Target target, BridgeTowerConfig written, Conversion.Addition addition)
            throws IOException {
        Files.createDirectories(to);
        SafetensorsWriter writer = Conversion.writer(path, file, target);
        writer.write(to.resolve(WeightFiles.Form.SAFETENSORS.fileName()));
        addition.write();
        BridgeTowerConfig.Builder typed = written.toBuilder();
        if (target != null) typed.otherField(ConfigDType.NAMES.getFirst(), target.configName());
        AtomicFile.write(to.resolve("config.json"), typed.build().toJson());
    }

    /** The tensors, by the names of Transformers. */
    OriginalFile file() {
        return file;
    }

    /** Unmaps the file. Closing again does nothing. */
    @Override
    public void close() {
        file.close();
    }
}
