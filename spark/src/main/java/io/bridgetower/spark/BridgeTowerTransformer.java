package io.bridgetower.spark;

import io.bridgetower.jobs.rows.Task;
import io.bridgetower.spark.executor.Counters;
import io.bridgetower.spark.executor.ImageColumn;
import io.bridgetower.spark.executor.ResultColumns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What the transformers of this package share. Each adds columns to rows that have an image, a text or both. Rows are grouped
 * by image, so that each image is decoded and encoded by one task; their order is lost. An executor loads the model once, and
 * all its tasks share it with one team of threads.
 *
 * <p>{@link #transform} resolves and loads the model on the driver, to know it again on executors, and counts rows and images
 * to choose the number of tasks and split images with very many rows, unless {@code grouped} is false.
 *
 * @param <T> the transformer itself
 */
public abstract class BridgeTowerTransformer<T extends BridgeTowerTransformer<T>> extends BridgeTowerParams<T> {
    private static final long serialVersionUID = 1L;

    /** Of the last transformation; null before the first. */
    private transient volatile Counters counters;

    /** As {@link BridgeTowerParams}. */
    BridgeTowerTransformer(String uid, String output, String... tasks) {
        super(uid, output, tasks);
    }

    /** What the value of {@code task} means. */
    abstract Task jobTask();

    /** The columns that are added. */
    abstract ResultColumns columns();

    /** Name of the column of errors; null where these are part of the output column. */
    String errorColumn() {
        return null;
    }

    /** Words for each gap. */
    int words() {
        return 1;
    }

    /**
     * Adds the output to every row.
     *
     * @throws IllegalArgumentException if a param or a column is not as it must be, or {@code maxMemory} is not enough
     * @throws UnsupportedOperationException if the model has no head for the task
     * @throws UncheckedIOException if the model cannot be read or downloaded
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType output = transformSchema(dataset.schema());
        Transformation transformation = new Transformation(this, dataset.toDF());
        counters = transformation.counters();
        try {
            return transformation.apply(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the tasks of the last transformation have done so far. A task that Spark repeats counts each time that it ends well;
     * a query that runs twice counts twice. Empty before the first.
     */
    public Optional<Counters> counters() {
        return Optional.ofNullable(counters);
    }

    /**
     * The schema with the output.
     *
     * @throws IllegalArgumentException if a param is missing, or a column is missing, has another type or exists already
     */
    @Override
    public StructType transformSchema(StructType schema) {
        if (get(model()).isEmpty())
            throw new IllegalArgumentException("model: expected a path or a name on the Hub, not set");
        if (readsImages()) {
            DataType type = column(schema, imageCol());
            if (ImageColumn.of(type).isEmpty()) throw wrongType(imageCol(), ImageColumn.EXPECTED, type);
        }
        if (readsTexts()) {
            DataType type = column(schema, textCol());
            if (!(type instanceof StringType)) throw wrongType(textCol(), "string", type);
        }
        StructType result = schema;
        for (StructField added : columns().fields(getOrDefault(outputCol()), errorColumn())) {
            if (Arrays.asList(schema.fieldNames()).contains(added.name())) {
                throw new IllegalArgumentException(
                        "outputCol: expected a new column, found " + added.name() + ", which exists");
            }
            result = result.add(added);
        }
        return result;
    }

    private DataType column(StructType schema, Param<String> param) {
        String name = getOrDefault(param);
        if (Arrays.asList(schema.fieldNames()).contains(name)) {
            return schema.apply(name).dataType();
        }
        throw new IllegalArgumentException(
                param.name() + ": expected the column " + name + ", found " + String.join(", ", schema.fieldNames()));
    }

    private IllegalArgumentException wrongType(Param<String> param, String expected, DataType found) {
        return new IllegalArgumentException(param.name() + ": expected the column " + getOrDefault(param)
                + " to be of type " + expected + ", found " + found.simpleString());
    }

    boolean readsImages() {
        return jobTask() != Task.EMBED_TEXT;
    }

    boolean readsTexts() {
        return jobTask() != Task.EMBED_IMAGE;
    }
}
