package io.bridgetower.model.config;

import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** What the three configurations share: all that a table of fields and their values decide. */
abstract sealed class Config permits BridgeTowerConfig, BridgeTowerTextConfig, BridgeTowerVisionConfig {
    private final FieldTable table;
    private final FieldValues values;

    Config(FieldTable table, FieldValues values) {
        table.check(values);
        this.table = table;
        this.values = values;
    }

    final <T> T get(Field<T> field) {
        return values.get(field);
    }

    final FieldValues values() {
        return values;
    }

    /**
     * What a file holds beyond the fields of this class, as null, Boolean, String, Long, BigInteger, Double, List or
     * Map; written back by {@link #toJson}.
     */
    public final Map<String, Object> otherFields() {
        return values.others();
    }

    /** The JSON text of a config.json, sorted by name, fields that this class does not know included. */
    public final String toJson() {
        return JsonWriter.indented(fields());
    }

    /**
     * Writes {@code config.json} in a directory, replacing an older one in one step.
     *
     * @throws IOException if the file cannot be written
     */
    public final void save(Path directory) throws IOException {
        AtomicFile.write(directory.resolve("config.json"), toJson());
    }

    final Map<String, Object> fields() {
        return table.toJson(values);
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof Config config && table == config.table && values.equals(config.values);
    }

    @Override
    public final int hashCode() {
        return values.hashCode();
    }

    /** The class and all fields by their JSON names. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + fields();
    }
}
