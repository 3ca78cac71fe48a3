package io.bridgetower.model.checkpoint;

import io.bridgetower.files.JsonReader;
import io.bridgetower.files.JsonWriter;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The fields of a config.json that say how the weights are stored. */
public final class ConfigDType {
    /** What older versions of the reference write, and what newer ones do. */
    public static final List<String> NAMES = List.of("torch_dtype", "dtype");

    private static final int MAX_BYTES = 1 << 18;

    private ConfigDType() {}

    /**
     * The text of a configuration with another type of weights, in all its parts; every other field as it is.
     *
     * @param type as torch calls it
     * @throws MalformedFileException if the file is not an object of JSON
     */
    static String replace(Path file, String type) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new MalformedFileException(file, null, "longer than " + MAX_BYTES + " bytes: not a configuration");
        }
        Object value;
        try (JsonReader json = new JsonReader(file, Files.newInputStream(file))) {
            value = json.value();
            json.end();
        }
        if (!(value instanceof Map<?, ?>)) throw new MalformedFileException(file, null, "expected an object");
        @SuppressWarnings("unchecked") // the reader makes no other map
        Map<String, Object> config = (Map<String, Object>) value;
        if (!replaceIn(config, type)) config.put(NAMES.getFirst(), type);
        return JsonWriter.indented(config);
    }

    @SuppressWarnings("unchecked")
    private static boolean replaceIn(Map<String, Object> config, String type) {
        boolean found = false;
        for (String name : NAMES) found |= config.replace(name, type) != null;
        for (Object part : config.values())
            if (part instanceof Map<?, ?> map) replaceIn((Map<String, Object>) map, type);
        return found;
    }
}
