package io.bridgetower.cli.evaluate;

import io.bridgetower.files.MalformedFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The fields of one record of a data set.
 *
 * @param place what complaints name before a field: {@code images[3]}
 */
record Fields(Path file, String place, Map<?, ?> values) {
    /** @throws MalformedFileException if the value is not an object */
    static Fields of(Path file, String place, Object value) throws MalformedFileException {
        if (value instanceof Map<?, ?> map) return new Fields(file, place, map);
        throw new MalformedFileException(file, place, "expected an object");
    }

    String text(String name) throws MalformedFileException {
        if (values.get(name) instanceof String text) return text;
        throw wrong(name, "a text");
    }

    /** A text; null if it is absent. */
    String textOrNull(String name) throws MalformedFileException {
        return values.get(name) == null ? null : text(name);
    }

    long integer(String name) throws MalformedFileException {
        if (values.get(name) instanceof Long number) return number;
        throw wrong(name, "an integer");
    }

    List<?> list(String name) throws MalformedFileException {
        if (values.get(name) instanceof List<?> list) return list;
        throw wrong(name, "a list");
    }

    MalformedFileException wrong(String name, String expected) {
        Object found = values.get(name);
        String shown = switch (found) {
            case null -> "nothing";
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "a list";
            default ->
                '"'
                        + found.toString()
                                .substring(0, Math.min(40, found.toString().length()))
                        + '"';
        };
        return new MalformedFileException(file, place + "." + name, "expected " + expected + ", found " + shown);
    }
}
