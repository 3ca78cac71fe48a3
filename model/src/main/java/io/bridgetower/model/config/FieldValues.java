package io.bridgetower.model.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The values of a table's fields, in the table's order, and the fields of a file that the table lacks. Immutable, if the
 * values are.
 */
record FieldValues(List<Object> values, Map<String, Object> others) {
    FieldValues {
        values = List.copyOf(values);
        others = ConfigFields.frozen(others);
    }

    @SuppressWarnings("unchecked") // only with() and the table's readers, which are typed, put values here
    <T> T get(Field<T> field) {
        return (T) values.get(field.index());
    }

    <T> FieldValues with(Field<T> field, T value) {
        List<Object> copy = new ArrayList<>(values);
        copy.set(field.index(), Objects.requireNonNull(value, field.name()));
        return new FieldValues(copy, others);
    }

    FieldValues withOther(String name, Object value) {
        Map<String, Object> copy = new TreeMap<>(others);
        copy.put(name, value);
        return new FieldValues(values, copy);
    }
}
