package io.bridgetower.model.checkpoint;

import io.bridgetower.files.MalformedFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The hyper-parameters that the authors' code saves with a checkpoint, which may all be absent.
 *
 * @param file that complaints name
 * @param values by their dotted names
 */
record HyperParameters(Path file, Map<String, Object> values) {
    private static final String ROOT = "hyper_parameters.";
    private static final String CONFIG = ROOT + "config.";

    /** A whole number, which may be written with a fraction of 0. */
    OptionalInt integer(String name) throws MalformedFileException {
        OptionalDouble number = number(name);
        if (number.isEmpty()) return OptionalInt.empty();
        double value = number.getAsDouble();
        if (value != (int) value) throw malformed(name, "an integer of 32 bits");
        return OptionalInt.of((int) value);
    }

    OptionalDouble number(String name) throws MalformedFileException {
        return switch (values.get(key(name))) {
            case null -> OptionalDouble.empty();
            case Long number -> OptionalDouble.of(number);
            case Double number -> OptionalDouble.of(number);
            default -> throw malformed(name, "a number");
        };
    }

    boolean flag(String name, boolean otherwise) throws MalformedFileException {
        return switch (values.get(key(name))) {
            case null -> otherwise;
            case Boolean flag -> flag;
            default -> throw malformed(name, "true or false");
        };
    }

    Optional<String> text(String name) throws MalformedFileException {
        return switch (values.get(key(name))) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            default -> throw malformed(name, "a text");
        };
    }

    /** Demands that a number is, if it is there, what the weights tell. */
    void check(String name, long fromWeights) throws MalformedFileException {
        OptionalInt value = integer(name);
        if (value.isEmpty() || value.getAsInt() == fromWeights) return;
        throw malformed(name, fromWeights + ", as the weights have");
    }

    MalformedFileException malformed(String name, String expected) {
        Object value = values.get(key(name));
        String shown = value instanceof String text ? '"' + shortened(text) + '"' : String.valueOf(value);
        return new MalformedFileException(file, key(name), "found " + shown + ", expected " + expected);
    }

    /** The authors' code has them in a dictionary {@code config}; one that was saved by hand may not. */
    private String key(String name) {
        return values.containsKey(ROOT + name) ? ROOT + name : CONFIG + name;
    }

    private static String shortened(String text) {
        return (text.length() > 40 ? text.substring(0, 40) + "…" : text).replaceAll("\\p{Cntrl}", "?");
    }
}
