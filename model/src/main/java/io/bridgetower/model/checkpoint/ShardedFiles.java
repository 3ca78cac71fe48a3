package io.bridgetower.model.checkpoint;

import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.model.files.JsonReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** Tensors spread over several files, found by an index of JSON: {@code {"weight_map": {tensor name: file name}}}. */
final class ShardedFiles implements TensorSource {
    private static final long MAX_INDEX_BYTES = 64L << 20;

    /** Keeps what an index of the longest allowed length makes on the heap below some 50 MB. */
    private static final long MAX_KEPT = 24 << 20;

    private static final int KEPT_PER_NAME = 120;

    /** How to open one file of the index. */
    interface Opener {
        TensorSource open(Path file) throws IOException;
    }

    private final Map<String, TensorSource> byName;
    private final List<TensorSource> files;

    private ShardedFiles(Map<String, TensorSource> byName, List<TensorSource> files) {
        this.byName = byName;
        this.files = files;
    }

    /**
     * Opens every file that the index names, in the directory of the index.
     *
     * @throws MalformedFileException if the index is not one, or names a file that is not there or a tensor that is not
     *     in its file
     */
    static ShardedFiles open(Path index, Opener opener) throws IOException {
        Map<String, String> weightMap = readIndex(index);
        Map<String, TensorSource> byFile = new HashMap<>();
        Map<String, TensorSource> byName = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, String> entry : weightMap.entrySet()) {
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
            return new ShardedFiles(byName, new ArrayList<>(byFile.values()));
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
    public TensorInfo info(String name) {
        return source(name).info(name);
    }

    @Override
    public MemorySegment data(String name) throws MalformedFileException {
        return source(name).data(name);
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

    /** A file beside the index: the name in the index must not lead anywhere else. */
    private static Path shard(Path index, String tensor, String name) throws MalformedFileException {
        boolean plain = !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
        if (!plain) {
            throw new MalformedFileException(index, tensor, "found \"" + name + "\", expected a plain file name");
        }
        Path file = index.resolveSibling(name);
        if (!Files.isRegularFile(file)) {
            throw new MalformedFileException(index, tensor, "expected in " + name + ", which is not in the directory");
        }
        return file;
    }

    private static Map<String, String> readIndex(Path index) throws IOException {
        if (Files.size(index) > MAX_INDEX_BYTES) {
            throw new MalformedFileException(index, null, "longer than " + MAX_INDEX_BYTES + " bytes: not an index");
        }
        Map<String, String> weightMap = null;
        try (JsonReader json = new JsonReader(index, Files.newInputStream(index))) {
            json.beginObject();
            for (String field = json.nextName(); field != null; field = json.nextName()) {
                if (!field.equals("weight_map")) {
                    json.skip();
                    continue;
                }
                if (weightMap != null) throw json.malformed("the name appears twice");
                weightMap = readWeightMap(json);
            }
            json.end();
        }
        if (weightMap == null) throw new MalformedFileException(index, "weight_map", "missing");
        return weightMap;
    }

    private static Map<String, String> readWeightMap(JsonReader json) throws IOException {
        Map<String, String> weightMap = new LinkedHashMap<>();
        Map<String, String> fileNames = new HashMap<>();
        long kept = 0;
        json.beginObject();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            String file = json.string();
            if (!fileNames.containsKey(file)) kept += file.length() + KEPT_PER_NAME;
            kept += name.length() + KEPT_PER_NAME;
            if (kept > MAX_KEPT) throw json.malformed("too many or too long names: more than any checkpoint has");
            if (weightMap.put(name, fileNames.computeIfAbsent(file, f -> f)) != null) {
                throw json.malformed("the name appears twice");
            }
        }
        return weightMap;
    }
}
