package io.bridgetower.model.config;

import io.bridgetower.files.JsonReader;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One object of a config.json, read field by field. A field that is absent or null has its default. What was not asked
 * for is kept in {@link #others()}.
 */
final class ConfigFields {
    /** Real files have some 10 KB. What this many bytes of JSON can describe stays below some 30 MB of heap. */
    private static final int MAX_BYTES = 1 << 18;

    private final Path file;
    private final String scope;
    private final Map<String, Object> unread;

    private ConfigFields(Path file, String scope, Map<String, Object> fields) {
        this.file = file;
        this.scope = scope;
        this.unread = new LinkedHashMap<>(fields);
    }

    /** The fields of a file, or of the config.json in a directory. */
    static ConfigFields load(Path directoryOrFile) throws IOException {
        Path file = Files.isDirectory(directoryOrFile) ? directoryOrFile.resolve("config.json") : directoryOrFile;
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new MalformedFileException(file, null, "longer than " + MAX_BYTES + " bytes: not a configuration");
        }
        try {
            return parse(
                    file,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new MalformedFileException(file, null, "not valid UTF-8", e);
        }
    }

    /** The fields of a text; {@code file} is what complaints name. */
    static ConfigFields parse(Path file, String json) throws MalformedFileException {
        try (Reader text = new StringReader(json);
                JsonReader reader = new JsonReader(file, text)) {
            Object value = reader.value();
            reader.end();
            return new ConfigFields(file, "", object(file, null, value));
        } catch (MalformedFileException e) {
            throw e;
        } catch (IOException e) {
            throw new MalformedFileException(file, null, e.getMessage(), e);
        }
    }

    /** The object under the first of these names that has one, or null. All of them count as read. */
    ConfigFields object(String... names) throws MalformedFileException {
        ConfigFields found = null;
        for (String name : names) {
            Object value = unread.remove(name);
            if (value == null || found != null) continue;
            found = new ConfigFields(file, scope + name + ".", object(file, scope + name, value));
        }
        return found;
    }

    /**
     * The fields of one tower in a whole file: the section, or the file itself if it is that of a standalone tower, which
     * has the given model type; null if the file has no such section.
     */
    ConfigFields section(String name, String modelType) throws MalformedFileException {
        String type = modelType(modelType);
        if (type.equals(modelType) && unread.get(name) == null) return this;
        if (type.equals(modelType) || type.equals(BridgeTowerConfig.MODEL_TYPE)) return object(name, name + "_dict");
        throw malformed(
                "model_type",
                "found \"" + type + "\", expected \"" + BridgeTowerConfig.MODEL_TYPE + "\" or \"" + modelType + "\"");
    }

    boolean flag(String name, boolean otherwise) throws MalformedFileException {
        return switch (unread.remove(name)) {
            case null -> otherwise;
            case Boolean flag -> flag;
            case Object other -> throw wrongType(name, "true or false", other);
        };
    }

    int integer(String name, int otherwise) throws MalformedFileException {
        Object value = unread.remove(name);
        return value == null ? otherwise : integer(name, value);
    }

    /** One integer or an array of them. */
    List<Integer> integers(String name, List<Integer> otherwise) throws MalformedFileException {
        Object value = unread.remove(name);
        if (value == null) return otherwise;
        if (!(value instanceof List<?> list)) return List.of(integer(name, value));
        List<Integer> integers = new ArrayList<>(list.size());
        for (Object item : list) integers.add(integer(name, item));
        return List.copyOf(integers);
    }

    private int integer(String name, Object value) throws MalformedFileException {
        return switch (value) {
            case Long integer when integer == integer.intValue() -> integer.intValue();
            case Number number
            when !(number instanceof Double) ->
                throw malformed(name, "found " + number + ", expected an integer of 32 bits");
            case null, default -> throw wrongType(name, "an integer", value);
        };
    }

    double number(String name, double otherwise) throws MalformedFileException {
        return switch (unread.remove(name)) {
            case null -> otherwise;
            case Number number -> number.doubleValue();
            case Object other -> throw wrongType(name, "a number", other);
        };
    }

    @SafeVarargs
    final <E extends Enum<E>> E choice(String name, E otherwise, E... allowed) throws MalformedFileException {
        Object value = unread.remove(name);
        if (value == null) return otherwise;
        for (E choice : allowed) if (FieldRange.jsonName(choice).equals(value)) return choice;
        throw malformed(name, "found " + shown(value) + ", expected one of " + FieldRange.alternatives(allowed));
    }

    /** The model_type, which stays among the others; {@code otherwise} if it is absent. */
    String modelType(String otherwise) throws MalformedFileException {
        return switch (unread.get("model_type")) {
            case null -> otherwise;
            case String type -> type;
            case Object other -> throw wrongType("model_type", "a string", other);
        };
    }

    /** The fields not read so far, deeply immutable, sorted by name. */
    Map<String, Object> others() {
        return frozen(unread);
    }

    /**
     * Builds a record, whose complaints about a field become complaints about this file.
     *
     * @param section what the record puts before its field names; left out if this file holds the section alone
     */
    <R> R build(String section, Supplier<R> record) throws MalformedFileException {
        try {
            return record.get();
        } catch (InvalidFieldException e) {
            boolean alone = scope.isEmpty() && e.field().startsWith(section);
            throw new MalformedFileException(
                    file, alone ? e.field().substring(section.length()) : e.field(), e.problem());
        }
    }

    MalformedFileException malformed(String name, String problem) {
        return new MalformedFileException(file, scope + name, problem);
    }

    /** A deeply immutable copy, sorted by name. */
    static Map<String, Object> frozen(Map<String, ?> fields) {
        Map<String, Object> copy = new TreeMap<>();
        fields.forEach((name, value) -> copy.put(name, frozenValue(value)));
        return Collections.unmodifiableMap(copy);
    }

    private static Object frozenValue(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((name, item) -> copy.put(name.toString(), frozenValue(item)));
                yield Collections.unmodifiableMap(copy);
            }
            case List<?> list -> {
                List<Object> copy = new ArrayList<>(list.size());
                for (Object item : list) copy.add(frozenValue(item));
                yield Collections.unmodifiableList(copy);
            }
            case null, default -> value;
        };
    }

    private MalformedFileException wrongType(String name, String expected, Object found) {
        return malformed(name, "found " + shown(found) + ", expected " + expected);
    }

    @SuppressWarnings("unchecked") // the reader makes no other map
    private static Map<String, Object> object(Path file, String field, Object value) throws MalformedFileException {
        if (value instanceof Map<?, ?> map) return (Map<String, Object>) map;
        throw new MalformedFileException(file, field, "found " + shown(value) + ", expected an object");
    }

    private static String shown(Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> map -> "an object";
            case List<?> list -> "an array";
            case String text when text.length() > 40 -> "\"" + text.substring(0, 40) + "…\"";
            case String text -> "\"" + text + "\"";
            case Object other -> other.toString();
        };
    }
}
