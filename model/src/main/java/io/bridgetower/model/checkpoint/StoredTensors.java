package io.bridgetower.model.checkpoint;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.tensor.TensorInfo;
import io.bridgetower.model.checkpoint.tensor.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What files of weights hold, of every type and whatever the model: for listing and copying. A {@link Checkpoint} is what
 * models load from.
 */
public final class StoredTensors implements AutoCloseable {
    private final WeightFiles files;
    private final TensorSource source;

    private StoredTensors(WeightFiles files, TensorSource source) {
        this.files = files;
        this.source = source;
    }

    /**
     * Opens the weights of a directory, in the form that {@link WeightFiles} prefers.
     *
     * @param variant null for the weights without one
     * @throws NoSuchFileException if there are none
     * @throws MalformedFileException if they are not in the format that their name says
     * @throws IOException if they cannot be read
     */
    public static StoredTensors in(Path directory, String variant) throws IOException {
        WeightFiles files = WeightFiles.in(directory, variant);
        return new StoredTensors(files, files.open());
    }

    /** Opens one file or index, whose form its name's ending tells; throws as {@link #in}. */
    public static StoredTensors open(Path file) throws IOException {
        if (!Files.exists(file)) throw new NoSuchFileException(file.toString());
        WeightFiles files = WeightFiles.of(file);
        return new StoredTensors(files, files.open());
    }

    /** The file of weights, or the index of several. */
    public Path path() {
        return files.path();
    }

    /** Every tensor, with the name that it has in its file and the file that it lies in; in the file's order. */
    public List<TensorInfo> list() {
        return source.names().stream().map(source::info).toList();
    }

    /** The free text in the headers of safetensors files; empty for other forms. */
    public Map<String, String> metadata() {
        return source.metadata();
    }

    /** Unmaps the files. Closing again does nothing. */
    @Override
    public void close() {
        source.close();
    }
}
