package io.bridgetower.model.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** The ranges of one configuration's fields; {@code scope} is the dotted prefix of their JSON names, or empty. */
public record FieldRange(String scope) {
    /** Widths, vocabulary and position counts. Far past any model; small enough that products of two fit a long. */
    static final int MAX_SIZE = 1 << 24;

    /** Layers, heads, channels. */
    static final int MAX_COUNT = 1 << 16;

    void size(String name, int value) {
        integer(name, value, 1, MAX_SIZE);
    }

    void count(String name, int value) {
        integer(name, value, 1, MAX_COUNT);
    }

    void integer(String name, int value, int min, int max) {
        if (value < min || value > max) fail(name, "found " + value + ", expected " + min + " to " + max);
    }

    void probability(String name, double value) {
        if (!(value >= 0 && value <= 1)) fail(name, "found " + value + ", expected 0 to 1");
    }

    void notNegative(String name, double value) {
        if (!(value >= 0 && value <= Float.MAX_VALUE)) {
            fail(name, "found " + value + ", expected a finite number, 0 or more");
        }
    }

    void finite(String name, double value) {
        if (!(Math.abs(value) <= Float.MAX_VALUE)) fail(name, "found " + value + ", expected a finite number");
    }

    void choice(String name, Enum<?> value, Enum<?>... allowed) {
        Objects.requireNonNull(value, scope + name);
        if (!Arrays.asList(allowed).contains(value)) {
            fail(name, "found \"" + jsonName(value) + "\", expected " + alternatives(allowed));
        }
    }

    void fail(String name, String problem) {
        throw new InvalidFieldException(scope + name, problem);
    }

    /** The name of a choice in JSON. */
    public static String jsonName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The names of choices in JSON, quoted, separated by commas. */
    public static String alternatives(Enum<?>... allowed) {
        return Arrays.stream(allowed).map(e -> '"' + jsonName(e) + '"').collect(Collectors.joining(", "));
    }
}
