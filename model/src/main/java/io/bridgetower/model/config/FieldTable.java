package io.bridgetower.model.config;

import io.bridgetower.engine.Activation;
import io.bridgetower.files.MalformedFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The fields of one configuration class, in the order in which they are read and checked. Each method that takes a name
 * adds a field, and is named after the values that the field allows.
 */
final class FieldTable {
    private final FieldRange range;
    private final String modelType;
    private final List<Field<?>> fields = new ArrayList<>();

    /** Fields that Transformers does not know. */
    private final Set<Field<?>> ours = new HashSet<>();

    /**
     * @param scope dotted prefix of the names in error messages, or empty
     * @param modelType the {@code model_type} of a file that has none
     */
    FieldTable(String scope, String modelType) {
        this.range = new FieldRange(scope);
        this.modelType = modelType;
    }

    FieldRange range() {
        return range;
    }

    Field<Boolean> flag(String name, boolean standard) {
        return add(name, standard, ConfigFields::flag, (_, _, _) -> {}, value -> value);
    }

    Field<Integer> size(String name, int standard) {
        return integer(name, standard, 1, FieldRange.MAX_SIZE);
    }

    Field<Integer> count(String name, int standard) {
        return integer(name, standard, 1, FieldRange.MAX_COUNT);
    }

    Field<Integer> integer(String name, int standard, int min, int max) {
        return add(
                name,
                standard,
                ConfigFields::integer,
                (range, _, value) -> range.integer(name, value, min, max),
                value -> value);
    }

    Field<Double> probability(String name, double standard) {
        return add(name, standard, ConfigFields::number, FieldRange::probability, value -> value);
    }

    Field<Double> notNegative(String name, double standard) {
        return add(name, standard, ConfigFields::number, FieldRange::notNegative, value -> value);
    }

    /** Not negative; may have no value. */
    Field<OptionalDouble> optional(String name) {
        return add(
                name,
                OptionalDouble.empty(),
                (json, _, otherwise) -> {
                    double value = json.number(name, Double.NaN);
                    return Double.isNaN(value) ? otherwise : OptionalDouble.of(value);
                },
                (range, _, value) -> value.ifPresent(number -> range.notNegative(name, number)),
                value -> value.isPresent() ? value.getAsDouble() : null);
    }

    Field<Double> finite(String name, double standard) {
        return add(name, standard, ConfigFields::number, FieldRange::finite, value -> value);
    }

    Field<Activation> activation(String name, Activation standard) {
        return choice(name, standard, Activation.GELU, Activation.RELU, Activation.SILU, Activation.GELU_NEW);
    }

    @SafeVarargs
    final <E extends Enum<E>> Field<E> choice(String name, E standard, E... allowed) {
        return add(
                name,
                standard,
                (json, _, otherwise) -> json.choice(name, otherwise, allowed),
                (range, _, value) -> range.choice(name, value, allowed),
                FieldRange::jsonName);
    }

    /** A nested configuration; older files have it under {@code oldName}. */
    <C extends Config> Field<C> section(String name, String oldName, C standard, Field.Reader<C> reader) {
        return add(
                name,
                standard,
                (json, _, otherwise) -> {
                    ConfigFields section = json.object(name, oldName);
                    return section == null ? otherwise : reader.read(section, name, otherwise);
                },
                (_, _, _) -> {},
                Config::fields);
    }

    /** Files leave the field out where it has its default. */
    <T> Field<T> ours(Field<T> field) {
        ours.add(field);
        return field;
    }

    <T> Field<T> add(
            String name, T standard, Field.Reader<T> reader, Field.Check<T> check, Function<? super T, Object> writer) {
        Field<T> field = new Field<>(fields.size(), name, standard, reader, check, writer);
        fields.add(field);
        return field;
    }

    FieldValues defaults() {
        return new FieldValues(fields.stream().<Object>map(Field::standard).toList(), Map.of());
    }

    FieldValues read(ConfigFields json, FieldValues defaults) throws MalformedFileException {
        List<Object> values = new ArrayList<>(fields.size());
        for (Field<?> field : fields) values.add(read(json, field, defaults));
        Map<String, Object> others = new TreeMap<>(defaults.others());
        others.putAll(json.others());
        return new FieldValues(values, others);
    }

    private static <T> T read(ConfigFields json, Field<T> field, FieldValues defaults) throws MalformedFileException {
        return field.reader().read(json, field.name(), defaults.get(field));
    }

    /** Checks every field by itself. */
    void check(FieldValues values) {
        for (Field<?> field : fields) check(field, values);
    }

    private <T> void check(Field<T> field, FieldValues values) {
        field.check().check(range, field.name(), values.get(field));
    }

    /** As JSON, sorted by name. */
    Map<String, Object> toJson(FieldValues values) {
        Map<String, Object> json = new TreeMap<>(values.others());
        json.putIfAbsent("model_type", modelType);
        for (Field<?> field : fields) {
            if (ours.contains(field) && field.standard().equals(values.get(field))) continue;
            json.put(field.name(), toJson(field, values));
        }
        return json;
    }

    private static <T> Object toJson(Field<T> field, FieldValues values) {
        return field.writer().apply(values.get(field));
    }
}
