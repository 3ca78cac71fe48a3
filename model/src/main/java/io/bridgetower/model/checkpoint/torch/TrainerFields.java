package io.bridgetower.model.checkpoint.torch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * What the file of a trainer holds beyond its tensors, as far as it is plain.
 *
 * @param hyperParameters numbers, texts, flags and null under {@code hyper_parameters} and the dictionaries in it that the
 *     authors' code has there, {@code config} and {@code config.loss_names}; by their dotted names, all below {@code
 *     hyper_parameters}
 * @param passedOver the names of classes whose objects the file holds and that were not made
 */
public record TrainerFields(Map<String, Object> hyperParameters, SortedSet<String> passedOver) {
    private static final String ROOT = "hyper_parameters";

    /** Dictionaries one in the other: a file may repeat one any number of times, which no walk through all would survive. */
    private static final List<String> PATH = List.of(ROOT, "config", "loss_names");

    static TrainerFields of(Object file, SortedSet<String> passedOver) {
        Map<String, Object> scalars = new LinkedHashMap<>();
        Object value = file;
        String prefix = "";
        for (String name : PATH) {
            value = dictionary(value).get(name);
            prefix += name + ".";
            for (Map.Entry<?, ?> item : dictionary(value).entrySet()) {
                if (item.getKey() instanceof String key && isScalar(item.getValue())) {
                    scalars.put(prefix + key, item.getValue());
                }
            }
        }
        return new TrainerFields(Collections.unmodifiableMap(scalars), Collections.unmodifiableSortedSet(passedOver));
    }

    private static boolean isScalar(Object value) {
        return switch (value) {
            case null -> true;
            case Boolean _, Long _, Double _, String _ -> true;
            default -> false;
        };
    }

    /** The items of a dictionary, or of an object that was not made; none for anything else. */
    static Map<?, ?> dictionary(Object value) {
        return switch (value) {
            case Map<?, ?> map -> map;
            case Unmade object -> object.items();
            case null, default -> Map.of();
        };
    }
}
