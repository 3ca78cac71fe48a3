package io.bridgetower.processor.text.files;

import io.bridgetower.files.JsonReader;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The fields of a JSON object, read with the types that they should have. A field that is null is as good as missing.
 *
 * @param file named in every complaint
 * @param place the dotted path to this object, empty for the file's own
 * @param values the fields
 */
record JsonFields(Path file, String place, Map<String, Object> values) {
    /** Characters of a name at most: those of a token of {@code added_tokens.json}, and more. */
    private static final int MAX_NAME = 1 << 14;

    /** The fields of a file that is one object. */
    static JsonFields read(Path file) throws IOException {
        try (JsonReader in = reader(file)) {
            Map<String, Object> values = in.object();
            in.end();
            return new JsonFields(file, "", values);
        }
    }

    /** A reader of any file of a tokenizer. */
    static JsonReader reader(Path file) throws IOException {
        return JsonReader.strict(file, Files.newInputStream(file), MAX_NAME);
    }

    boolean has(String name) {
        return values.get(name) != null;
    }

    boolean flag(String name, boolean otherwise) throws MalformedFileException {
        Boolean value = get(name, Boolean.class, "true or false");
        return value == null ? otherwise : value;
    }

    /** A string, or null if it is missing. */
    String string(String name) throws MalformedFileException {
        return get(name, String.class, "a string");
    }

    /** A string that must not be missing. */
    String requiredString(String name) throws MalformedFileException {
        String value = string(name);
        if (value == null) throw malformed(name, "missing");
        return value;
    }

    long requiredInteger(String name) throws MalformedFileException {
        Long value = get(name, Long.class, "an integer of 64 bits");
        if (value == null) throw malformed(name, "missing");
        return value;
    }

    /** An object, or null if it is missing. */
    JsonFields object(String name) throws MalformedFileException {
        Map<?, ?> value = get(name, Map.class, "an object");
        return value == null ? null : fields(path(name), value);
    }

    /** A list of objects, empty if it is missing. */
    List<JsonFields> objects(String name) throws MalformedFileException {
        return objects(name, null);
    }

    /** A list of objects, empty if it is missing; a string in it stands for an object of that one field. */
    List<JsonFields> objects(String name, String field) throws MalformedFileException {
        List<?> items = get(name, List.class, "an array");
        if (items == null) return List.of();
        JsonFields[] objects = new JsonFields[items.size()];
        for (int i = 0; i < objects.length; i++) {
            objects[i] = object(name + "[" + i + "]", field, items.get(i));
        }
        return List.of(objects);
    }

    /** An object that must not be missing; a string stands for an object of that one field. */
    JsonFields object(String name, String field) throws MalformedFileException {
        return object(name, field, values.get(name));
    }

    private JsonFields object(String name, String field, Object value) throws MalformedFileException {
        return switch (value) {
            case Map<?, ?> map -> fields(path(name), map);
            case String text when field != null -> fields(path(name), Map.of(field, text));
            case null, default -> throw malformed(name, "expected an object");
        };
    }

    MalformedFileException malformed(String name, String problem) {
        return new MalformedFileException(file, path(name), problem);
    }

    private <T> T get(String name, Class<T> type, String expected) throws MalformedFileException {
        Object value = values.get(name);
        if (value != null && !type.isInstance(value)) {
            throw malformed(name, "expected " + expected + ", found " + describe(value));
        }
        return type.cast(value);
    }

    private static String describe(Object value) {
        return switch (value) {
            case String s -> "a string";
            case List<?> l -> "an array";
            case Map<?, ?> m -> "an object";
            default -> value.toString();
        };
    }

    private String path(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    @SuppressWarnings("unchecked")
    private JsonFields fields(String path, Map<?, ?> map) {
        return new JsonFields(file, path, (Map<String, Object>) map);
    }
}
