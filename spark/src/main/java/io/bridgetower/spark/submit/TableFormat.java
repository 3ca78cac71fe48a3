package io.bridgetower.spark.submit;

import java.util.Locale;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** How a table is stored. */
enum TableFormat {
    PARQUET,
    CSV,
    JSON;

    /**
     * The one that the end of a path names.
     *
     * @throws IllegalArgumentException if it names none
     */
    static TableFormat of(String path) {
        String name = path.toLowerCase(Locale.ROOT).replaceFirst("/+$", "");
        if (name.endsWith(".parquet")) return PARQUET;
        if (name.endsWith(".csv")) return CSV;
        if (name.endsWith(".json") || name.endsWith(".jsonl")) return JSON;
        throw new IllegalArgumentException(
                path + ": expected a path that ends in .parquet, .csv, .json or .jsonl; or name the format");
    }

    Dataset<Row> read(SparkSession session, String path) {
        DataFrameReader reader = session.read();
        return switch (this) {
            case PARQUET -> reader.parquet(path);
            case JSON -> reader.json(path);
            case CSV ->
                reader.option("header", true)
                        .option("multiLine", true)
                        .option("escape", "\"")
                        .csv(path);
        };
    }

    /**
     * Appends rows. The file of a task appears, whole, when the task ends, so that a run that is broken off keeps what is done; a
     * task that is repeated writes the same file again.
     */
    void append(Dataset<Row> rows, String path) {
        DataFrameWriter<Row> writer = rows.write()
                .mode(SaveMode.Append)
                .option("mapreduce.fileoutputcommitter.algorithm.version", 2)
                .option("maxRecordsPerFile", 0);
        switch (this) {
            case PARQUET -> writer.parquet(path);
            case JSON -> writer.json(path);
            case CSV -> writer.option("header", true).option("escape", "\"").csv(path);
        }
    }
}
