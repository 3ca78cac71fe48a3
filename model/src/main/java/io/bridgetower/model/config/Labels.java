package io.bridgetower.model.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names of a head's outputs, as Transformers keeps them in config.json: {@code {"0": "no", "1": "yes"}}. */
final class Labels {
    static final String FIELD = "id2label";
    static final String ARCHITECTURES = "architectures";
    private static final String INVERSE = "label2id";

    private Labels() {}

    /** The names of classes under {@link #ARCHITECTURES}; none if there are none. */
    static List<String> architectures(Map<String, Object> fields) {
        if (!(fields.get(ARCHITECTURES) instanceof List<?> names)) return List.of();
        return names.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /**
     * The names in their order; none if there is no such field.
     *
     * @throws InvalidFieldException if not every index from 0 has a name
     */
    static List<String> read(Map<String, Object> fields) {
        Object value = fields.get(FIELD);
        if (value == null) return List.of();
        if (!(value instanceof Map<?, ?> map)) throw new InvalidFieldException(FIELD, "expected an object");
        String[] names = new String[map.size()];
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            int index = index(entry.getKey().toString(), names.length);
            if (!(entry.getValue() instanceof String name)) {
                throw new InvalidFieldException(FIELD + "." + index, "expected a name");
            }
            names[index] = name;
        }
        int missing = Arrays.asList(names).indexOf(null);
        if (missing >= 0) throw new InvalidFieldException(FIELD, "has no name for label " + missing);
        return List.of(names);
    }

    /** The two fields that hold the names, to be added to those of a configuration. */
    static Map<String, Object> fields(List<String> names) {
        Map<String, Object> byIndex = new LinkedHashMap<>(), byName = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            byIndex.put(Integer.toString(i), names.get(i));
            byName.putIfAbsent(names.get(i), (long) i);
        }
        return Map.of(FIELD, byIndex, INVERSE, byName);
    }

    private static int index(String key, int count) {
        try {
            int index = Integer.parseInt(key);
            if (index >= 0 && index < count) return index;
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new InvalidFieldException(FIELD, "found the key \"" + key + "\", expected 0 to " + (count - 1));
    }
}
