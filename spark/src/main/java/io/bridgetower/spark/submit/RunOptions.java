package io.bridgetower.spark.submit;

import io.bridgetower.spark.BridgeTowerTransformer;
import io.bridgetower.spark.executor.Counters;
import io.bridgetower.spark.executor.TableColumns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands share: input, output, model, and how it is computed. */
final class RunOptions {
    private static final String ID = "id";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--input",
            paramLabel = "PATH",
            required = true,
            description = "Rows: Parquet, CSV with a header, or JSON lines, in any file system of Spark's.")
    private String input;

    @Option(
            names = "--output",
            paramLabel = "PATH",
            required = true,
            description = "Directory of results, with the ids of their rows; must not exist, unless --resume is given.")
    private String output;

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            description = "parquet, csv or json; if not given, as the path ends.")
    private TableFormat inputFormat;

    @Option(
            names = "--output-format",
            paramLabel = "FORMAT",
            description = "parquet, csv or json; if not given, as the path ends.")
    private TableFormat outputFormat;

    @Option(
            names = "--resume",
            description =
                    "Compute only rows whose ids the output lacks, and add them: goes on with a run that was broken"
                            + " off. Ids must differ from each other.")
    private boolean resume;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            required = true,
            description = "A directory that every node has, an archive of --archives, or a name on the Hub.")
    private String model;

    @Option(
            names = "--revision",
            paramLabel = "NAME",
            defaultValue = "main",
            description = "Branch, tag or commit of a model on the Hub; ${DEFAULT-VALUE} if not given.")
    private String revision;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            defaultValue = "",
            description = "Where relative paths of images start.")
    private String images;

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            defaultValue = ID,
            description = "Column of ids; ${DEFAULT-VALUE} if not given.")
    private String id;

    @Option(
            names = "--image-column",
            paramLabel = "NAME",
            defaultValue = "image",
            description = "Column of images: paths, or contents of files; ${DEFAULT-VALUE} if not given.")
    private String image;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            defaultValue = "text",
            description = "Column of texts; ${DEFAULT-VALUE} if not given.")
    private String text;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads of an executor, which its tasks share; as many as its cores if not given.")
    private int threads;

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            defaultValue = "f32",
            description = "How weights are held in memory: f32, or bf16 for half the memory and three digits.")
    private String weights;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            defaultValue = "f32",
            description =
                    "How exactly matrices are multiplied: f32; bf16, with three digits; bf16x3, with five; or bf16x6,"
                            + " as exactly as f32.")
    private String precision;

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            defaultValue = "1g",
            description = "Of an executor, for encodings and pixels, in addition to the model; ${DEFAULT-VALUE} if not"
                    + " given.")
    private String maxMemory;

    @Option(
            names = "--on-error",
            paramLabel = "ACTION",
            defaultValue = "keep",
            description = "What becomes of a row that cannot be computed: keep it with an error, drop it, or fail;"
                    + " ${DEFAULT-VALUE} if not given.")
    private String onError;

    @Option(names = "--truncate", description = "Truncate texts that are too long.")
    private boolean truncate;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "0",
            description = "Tasks; if not given, as many as take 5 to 10 minutes each, and at least one a core.")
    private int partitions;

    /** How a command stores its results. */
    @FunctionalInterface
    interface Columns {
        /** The columns after the id. */
        List<Column> of(TableFormat format);
    }

    /**
     * Runs a transformer over the input.
     *
     * @param columns what is written
     * @return the exit code
     */
    <T extends BridgeTowerTransformer<T>> int run(T transformer, Columns columns) throws IOException {
        TableFormat from = inputFormat != null ? inputFormat : TableFormat.of(input);
        TableFormat to = outputFormat != null ? outputFormat : TableFormat.of(output);
        transformer
                .setModel(model)
                .setRevision(revision)
                .setImageRoot(images)
                .setImageCol(image)
                .setTextCol(text)
                .setThreads(threads)
                .setWeights(weights.toLowerCase(Locale.ROOT))
                .setPrecision(precision.toLowerCase(Locale.ROOT))
                .setMaxMemory(maxMemory)
                .setOnError(onError.toLowerCase(Locale.ROOT))
                .setTruncate(truncate)
                .setPartitions(partitions);
        SparkSession session = Main.session(command.name());
        Dataset<Row> rows = missing(session, from.read(session, input), to);
        transformer.transformSchema(rows.schema());
        List<Column> written = new ArrayList<>();
        written.add(TableColumns.named(id).alias(ID));
        written.addAll(columns.of(to));
        to.append(transformer.transform(rows).select(written.toArray(Column[]::new)), output);
        Counters done = transformer.counters().orElseThrow();
        command.commandLine()
                .getErr()
                .println(output + ": " + done.pairs().value() + " rows, "
                        + done.errors().value() + " failed");
        return 0;
    }

    /** The rows whose ids are not in the output. */
    private Dataset<Row> missing(SparkSession session, Dataset<Row> rows, TableFormat format) throws IOException {
        if (!Arrays.asList(rows.columns()).contains(id)) {
            throw new IllegalArgumentException(
                    input + ": expected the column " + id + " of ids, found " + String.join(", ", rows.columns()));
        }
        Path path = new Path(output);
        var files = path.getFileSystem(session.sessionState().newHadoopConf());
        if (!files.exists(path)) return rows;
        if (!resume) throw new FileAlreadyExistsException(output + ": exists already; --resume goes on");
        boolean hasFiles = Arrays.stream(files.listStatus(path))
                .anyMatch(file -> file.isFile() && file.getPath().getName().startsWith("part-"));
        if (!hasFiles) return rows;
        Column known = TableColumns.of(rows, id);
        Dataset<Row> done = format.read(session, output)
                .select(functions
                        .col(ID)
                        .cast(rows.schema().apply(id).dataType())
                        .alias("done"));
        return rows.join(done, known.equalTo(functions.col("done")), "left_anti");
    }
}
