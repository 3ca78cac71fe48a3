package io.bridgetower.model.checkpoint.tensor;

import io.bridgetower.files.JsonReader;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of several files holds a tensor: {@code {"weight_map": {tensor name: file name}}}.
 *
 * @param weightMap from the names of tensors to plain names of files beside the index; unmodifiable
 */
public record ShardIndex(Map<String, String> weightMap) {
    private static final long MAX_INDEX_BYTES = 64L << 20;

    /** Keeps what an index of the longest allowed length makes on the heap below some 50 MB. */
    private static final long MAX_KEPT = 24 << 20;

    private static final int KEPT_PER_NAME = 120;

    /** Keeps a view of the map. */
    public ShardIndex {
        weightMap = Collections.unmodifiableMap(weightMap);
    }

    /**
     * Reads an index. The files that it names need not be there.
     *
     * @throws MalformedFileException if it is not one, or names a file that is not beside it
     * @throws IOException if it cannot be read
     */
    public static ShardIndex read(Path index) throws IOException {
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
        for (Map.Entry<String, String> entry : weightMap.entrySet()) {
            if (isPlain(entry.getValue())) continue;
            throw new MalformedFileException(
                    index, entry.getKey(), "found \"" + entry.getValue() + "\", expected a plain file name");
        }
        return new ShardIndex(weightMap);
    }

    /** The names of all files, sorted. */
    public Set<String> files() {
        return new TreeSet<>(weightMap.values());
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
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
