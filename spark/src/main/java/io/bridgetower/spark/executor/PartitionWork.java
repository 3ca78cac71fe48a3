package io.bridgetower.spark.executor;

import io.bridgetower.jobs.JobOptions;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.processor.text.Truncation;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The work of a transformation on each partition, as the driver sends it.
 *
 * @param identity the model's on the driver
 * @param imageIndex column of the images; −1 if the task reads none
 * @param textIndex column of the texts; −1 if the task reads none
 * @param imageRoot where relative paths start
 * @param maxBytes of an executor, which its tasks share
 * @param tasks that an executor runs at a time; 0 for one on each core
 * @param configuration of file systems
 */
public record PartitionWork(
        ModelSource source,
        String identity,
        Task task,
        ResultColumns columns,
        int imageIndex,
        ImageColumn imageColumn,
        int textIndex,
        String imageRoot,
        long maxBytes,
        int tasks,
        boolean truncate,
        int top,
        OnError onError,
        Counters counters,
        Broadcast<SerializableConfiguration> configuration)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws IOException {
        return rows.hasNext() ? new PartitionResults(this, rows) : Collections.emptyIterator();
    }

    /** How the job of one task runs. */
    public JobOptions options() {
        return options(task, maxBytes, tasks, truncate, top);
    }

    /** How the job of one task runs, where so many share the memory; as the components. */
    public static JobOptions options(Task task, long maxBytes, int tasks, boolean truncate, int top) {
        int sharers = tasks > 0 ? tasks : ExecutorCores.OF_PROCESS;
        return JobOptions.of(task)
                .withMaxBytes(Math.max(1, maxBytes / sharers))
                .withTruncation(truncate ? Truncation.longestFirst() : Truncation.NONE)
                .withTop(top);
    }
}
