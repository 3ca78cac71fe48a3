package io.bridgetower.model.checkpoint.tensor;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;

/** Tensors spread over several files, found by an index of JSON: {@code {"weight_map": {tensor name: file name}}}. */
public final class ShardedFiles implements TensorSource {
    /** How to open one file of the index. */
    public interface Opener {
        TensorSource open(Path file) throws IOException;
    }

    private final FileStamp index;
    private final Map<String, TensorSource> byName;
    private final List<TensorSource> files;

    private ShardedFiles(FileStamp index, Map<String, TensorSource> byName, List<TensorSource> files) {
        this.index = index;
        this.byName = byName;
        this.files = files;
    }

    /**
     * Opens every file that the index names, in the directory of the index.
     *
     * @throws MalformedFileException if the index is not one, or names a file that is not there or a tensor that is not
     *     in its file
     */
    public static ShardedFiles open(Path index, Opener opener) throws IOException {
        FileStamp stamp = FileStamp.of(index);
        ShardIndex shards = ShardIndex.read(index);
        Map<String, TensorSource> byFile = new LinkedHashMap<>();
        Map<String, TensorSource> byName = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, String> entry : shards.weightMap().entrySet()) {
                TensorSource source = byFile.get(entry.getValue());
                if (source == null) {
                    source = opener.open(shard(index, entry.getKey(), entry.getValue()));
                    byFile.put(entry.getValue(), source);
                }
                if (!source.names().contains(entry.getKey())) {
                    throw new MalformedFileException(
                            index, entry.getKey(), "expected in " + entry.getValue() + ", which holds no such tensor");
                }
                byName.put(entry.getKey(), source);
            }
            return new ShardedFiles(stamp, byName, new ArrayList<>(byFile.values()));
        } catch (IOException | RuntimeException e) {
            byFile.values().forEach(TensorSource::close);
            throw e;
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }

    @Override
    public List<FileStamp> stamps() {
        List<FileStamp> stamps = new ArrayList<>(List.of(index));
        for (TensorSource file : files) stamps.addAll(file.stamps());
        return stamps;
    }

    /** Of several shards that disagree, the first in the order of their tensors is right. */
    @Override
    public Map<String, String> metadata() {
        Map<String, String> metadata = new TreeMap<>();
        for (TensorSource file : files) file.metadata().forEach(metadata::putIfAbsent);
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public TensorInfo info(String name) {
        return source(name).info(name);
    }

    @Override
    public MemorySegment data(String name) {
        return source(name).data(name);
    }

    @Override
    public MemorySegment data(String name, Arena arena) {
        return source(name).data(name, arena);
    }

    @Override
    public void close() {
        files.forEach(TensorSource::close);
    }

    private TensorSource source(String name) {
        TensorSource source = byName.get(name);
        if (source == null) throw new NoSuchElementException("no tensor " + name);
        return source;
    }

    private static Path shard(Path index, String tensor, String name) throws MalformedFileException {
        Path file = index.resolveSibling(name);
        if (Files.isRegularFile(file)) return file;
        throw new MalformedFileException(index, tensor, "expected in " + name + ", which is not in the directory");
    }
}
