package io.bridgetower.spark.executor;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Columns by their whole names, in which a dot names no field. */
public final class TableColumns {
    private TableColumns() {}

    /** The column of some table. */
    public static Column named(String name) {
        return functions.col(quoted(name));
    }

    /** The column of a table. */
    public static Column of(Dataset<Row> rows, String name) {
        return rows.col(quoted(name));
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
