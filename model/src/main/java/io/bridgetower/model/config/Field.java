package io.bridgetower.model.config;

import io.bridgetower.files.MalformedFileException;
import java.util.function.Function;

/**
 * One field of a configuration.
 *
 * @param index its place in the table
 * @param name its JSON name
 * @param standard its default
 * @param reader reads it from JSON
 * @param check throws if a value is out of range
 * @param writer its value as JSON, in the types of {@link Config#otherFields}
 */
record Field<T>(
        int index, String name, T standard, Reader<T> reader, Check<T> check, Function<? super T, Object> writer) {
    /** Reads a value, or returns the one given if the field is absent. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ConfigFields json, String name, T otherwise) throws MalformedFileException;
    }

    /** Throws an {@link InvalidFieldException} if the value is out of range. */
    @FunctionalInterface
    interface Check<T> {
        void check(FieldRange range, String name, T value);
    }
}
