package io.bridgetower.model.checkpoint.safetensors;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.tensor.FileStamp;
import io.bridgetower.model.checkpoint.tensor.MappedFile;
import io.bridgetower.model.checkpoint.tensor.TensorInfo;
import io.bridgetower.model.checkpoint.tensor.TensorSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * A safetensors file, mapped into memory and checked against every rule of the format: nothing is read or allocated on
 * the word of its header alone. Safe to share between threads. The segments that it hands out die with it.
 */
public final class SafetensorsFile implements TensorSource {
    private final MappedFile file;
    private final SafetensorsHeader header;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * Maps a file and reads its header.
     *
     * @throws MalformedFileException if the file breaks a rule of the format
     * @throws IOException if the file cannot be read
     */
    public static SafetensorsFile open(Path path) throws IOException {
        MappedFile file = MappedFile.open(path);
        try {
            return new SafetensorsFile(file, new SafetensorsHeader(path, file.bytes()));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Where the file lies. */
    public Path path() {
        return file.path();
    }

    /** The tensors by name, in the order of the header. Unmodifiable. */
    public Map<String, TensorEntry> entries() {
        return Collections.unmodifiableMap(header.entries());
    }

    @Override
    public List<FileStamp> stamps() {
        return List.of(file.stamp());
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /**
     * The bytes of a tensor, little-endian and row-major, within the mapping: read-only, of any alignment, valid until
     * this file is closed.
     *
     * @throws NoSuchElementException if there is no such tensor
     */
    @Override
    public MemorySegment data(String name) {
        TensorEntry entry = entry(name);
        return file.bytes().asSlice(header.dataBegin() + entry.begin(), entry.end() - entry.begin());
    }

    @Override
    public Set<String> names() {
        return entries().keySet();
    }

    @Override
    public TensorInfo info(String name) {
        TensorEntry entry = entry(name);
        return new TensorInfo(path(), name, entry.dtype(), entry.shape());
    }

    /** Unmaps the file. Closing again does nothing. */
    @Override
    public void close() {
        file.close();
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = header.entries().get(name);
        if (entry == null) throw new NoSuchElementException(path() + ": no tensor " + name);
        return entry;
    }
}
