package io.bridgetower.cli.evaluate;

import io.bridgetower.cli.terminal.Table;
import java.util.Locale;
import java.util.Map;

/**
 * The measures of a model.
 *
 * @param json for machines, in the types that {@link io.bridgetower.files.JsonWriter} takes
 * @param table for people
 */
record EvaluationResult(Map<String, Object> json, Table table) {
    /** A share for a table, as a percentage. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share);
    }
}
