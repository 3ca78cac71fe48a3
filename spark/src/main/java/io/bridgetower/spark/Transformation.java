package io.bridgetower.spark;

import io.bridgetower.jobs.JobOptions;
import io.bridgetower.jobs.ScoringJob;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.spark.executor.Counters;
import io.bridgetower.spark.executor.ImageColumn;
import io.bridgetower.spark.executor.ModelSource;
import io.bridgetower.spark.executor.PartitionWork;
import io.bridgetower.spark.executor.SharedModels;
import io.bridgetower.spark.executor.TableColumns;
import java.io.IOException;
import java.util.Arrays;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** What a transformer does on the driver: find and check the model, share out the rows, and describe the work on them. */
final class Transformation {
    private final BridgeTowerTransformer<?> settings;
    private final Dataset<Row> rows;
    private final SparkContext context;
    private final ClusterShape shape;
    private final Counters counters;
    private final Task task;

    /** Null if the task reads no images. */
    private final ImageColumn images;

    Transformation(BridgeTowerTransformer<?> settings, Dataset<Row> rows) {
        this.settings = settings;
        this.rows = rows;
        context = rows.sparkSession().sparkContext();
        shape = ClusterShape.of(context);
        counters = Counters.register(context);
        task = settings.jobTask();
        images = settings.readsImages()
                ? ImageColumn.of(rows.schema()
                                .apply(settings.getOrDefault(settings.imageCol()))
                                .dataType())
                        .orElseThrow()
                : null;
    }

    Counters counters() {
        return counters;
    }

    /** @param output the schema of the rows with their results */
    Dataset<Row> apply(StructType output) throws IOException {
        ModelSource source = settings.source(shape.executorCores());
        Cost cost;
        String identity;
        try (SharedModels.Lease lease = SharedModels.OF_PROCESS.acquire(source)) {
            identity = lease.model().identity();
            try (ScoringJob job = job(lease)) {
                cost = needsCost() ? Cost.measured(job, source.threads()) : Cost.NONE;
            }
        }
        Dataset<Row> shared = settings.is(settings.grouped()) ? grouped(cost) : rows;
        PartitionWork work = new PartitionWork(
                source,
                identity,
                task,
                settings.columns(),
                images == null ? -1 : index(settings.getOrDefault(settings.imageCol())),
                images,
                settings.readsTexts() ? index(settings.getOrDefault(settings.textCol())) : -1,
                settings.getOrDefault(settings.imageRoot()),
                settings.maxBytes(),
                shape.executorTasks(),
                settings.is(settings.truncate()),
                settings.words(),
                settings.errors(),
                counters,
                SerializableConfiguration.broadcast(
                        context, rows.sparkSession().sessionState().newHadoopConf()));
        return shared.mapPartitions(work, Encoders.row(output));
    }

    /** A job of the size that each task has on executors. */
    private ScoringJob job(SharedModels.Lease lease) {
        JobOptions options = PartitionWork.options(
                task, settings.maxBytes(), shape.executorTasks(), settings.is(settings.truncate()), settings.words());
        try {
            return lease.model().job(options);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "maxMemory: " + settings.getOrDefault(settings.maxMemory())
                            + " are shared by the tasks of an executor; " + e.getMessage(),
                    e);
        }
    }

    private boolean needsCost() {
        return settings.is(settings.grouped())
                && !rows.isStreaming()
                && settings.getOrDefaultInt(settings.partitions()) == 0
                && (perPair() == 0 || images != null && perImage() == 0);
    }

    private double perPair() {
        return settings.getOrDefaultDouble(settings.secondsPerPair());
    }

    private double perImage() {
        return settings.getOrDefaultDouble(settings.secondsPerImage());
    }

    private Dataset<Row> grouped(Cost measured) {
        Column text = column(settings.textCol());
        Column key = images == null ? functions.xxhash64(text) : images.key(column(settings.imageCol()));
        int partitions = settings.getOrDefaultInt(settings.partitions());
        if (rows.isStreaming()) {
            // Streams can be counted neither nor sorted.
            return rows.repartition(partitions > 0 ? partitions : shape.tasks(), key);
        }
        Cost cost = measured.orElse(perPair(), perImage());
        return new Grouping(rows, key, settings.readsTexts() ? functions.xxhash64(text) : functions.lit(0L))
                .apply(count -> partitions > 0
                        ? partitions
                        : Math.max(
                                shape.tasks(),
                                cost.tasks(
                                        count, settings.getOrDefaultInt(settings.taskSeconds()), shape.taskCores())));
    }

    private Column column(Param<String> param) {
        return TableColumns.of(rows, settings.getOrDefault(param));
    }

    private int index(String column) {
        return Arrays.asList(rows.schema().fieldNames()).indexOf(column);
    }
}
