package io.bridgetower.spark;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.hub.Hub;
import io.bridgetower.spark.executor.ImageColumn;
import io.bridgetower.spark.executor.ModelSource;
import io.bridgetower.spark.executor.OnError;
import java.util.Locale;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLWriter;

/**
 * The params of this package's transformers, by which they are saved and loaded.
 *
 * @param <T> the transformer itself
 */
public abstract class BridgeTowerParams<T extends BridgeTowerParams<T>> extends Transformer
        implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    /** Between five and ten minutes. */
    private static final int TASK_SECONDS = 450;

    private final String uid;
    private final Param<String> model;
    private final Param<String> revision;
    private final Param<String> imageCol;
    private final Param<String> imageRoot;
    private final Param<String> textCol;
    private final Param<String> outputCol;
    private final Param<String> task;
    private final IntParam threads;
    private final Param<String> weights;
    private final Param<String> precision;
    private final Param<String> maxMemory;
    private final Param<String> onError;
    private final BooleanParam truncate;
    private final IntParam partitions;
    private final BooleanParam grouped;
    private final IntParam taskSeconds;
    private final DoubleParam secondsPerPair;
    private final DoubleParam secondsPerImage;

    /**
     * @param output default name of the output column
     * @param tasks values of the param {@code task}, the default first
     */
    BridgeTowerParams(String uid, String output, String... tasks) {
        this.uid = uid;
        model = new Param<>(
                this, "model", "a path that every node has, a file or archive of Spark's, or a name on the Hub");
        revision = new Param<>(this, "revision", "branch, tag or commit of a model on the Hub");
        imageCol = new Param<>(this, "imageCol", "column of images: " + ImageColumn.EXPECTED);
        imageRoot =
                new Param<>(this, "imageRoot", "where relative paths of images start; empty for the file system's own");
        textCol = new Param<>(this, "textCol", "column of texts");
        outputCol = new Param<>(this, "outputCol", "column that is added");
        task = TextParams.of(this, "task", "what is computed", tasks);
        threads = new IntParam(
                this, "threads", "threads of an executor; 0 for as many as its cores", ParamValidators.gtEq(0));
        weights = TextParams.of(this, "weights", "how weights are held in memory", "f32", "bf16");
        precision = TextParams.of(
                this, "precision", "how exactly matrices are multiplied", "f32", "bf16", "bf16x3", "bf16x6");
        maxMemory = TextParams.size(
                this, "maxMemory", "bytes of an executor for encodings and pixels, off the heap, such as 2g");
        onError =
                TextParams.of(this, "onError", "what becomes of a row that cannot be computed", "keep", "drop", "fail");
        truncate = new BooleanParam(this, "truncate", "whether texts that are too long are truncated");
        partitions = new IntParam(
                this, "partitions", "tasks; 0 for as many as the estimated work needs", ParamValidators.gtEq(0));
        grouped = new BooleanParam(this, "grouped", "whether rows are repartitioned by image");
        taskSeconds = new IntParam(this, "taskSeconds", "seconds that a task should take", ParamValidators.gt(0));
        secondsPerPair = new DoubleParam(
                this, "secondsPerPair", "of one core; 0 to measure on the driver", ParamValidators.gtEq(0));
        secondsPerImage = new DoubleParam(
                this, "secondsPerImage", "of one core; 0 to measure on the driver", ParamValidators.gtEq(0));
        setDefault(revision, Hub.MAIN);
        setDefault(imageCol, "image");
        setDefault(imageRoot, "");
        setDefault(textCol, "text");
        setDefault(outputCol, output);
        setDefault(task, tasks[0]);
        setDefault(threads, 0);
        setDefault(weights, "f32");
        setDefault(precision, "f32");
        setDefault(maxMemory, "1g");
        setDefault(onError, "keep");
        setDefault(truncate, false);
        setDefault(partitions, 0);
        setDefault(grouped, true);
        setDefault(taskSeconds, TASK_SECONDS);
        setDefault(secondsPerPair, 0.0);
        setDefault(secondsPerImage, 0.0);
    }

    /** The model as processes look for it. */
    ModelSource source(int cores) {
        int number = getOrDefaultInt(threads);
        return new ModelSource(
                getOrDefault(model),
                getOrDefault(revision),
                number > 0 ? number : cores,
                WeightPrecision.valueOf(getOrDefault(weights).toUpperCase(Locale.ROOT)),
                ProductPrecision.valueOf(getOrDefault(precision).toUpperCase(Locale.ROOT)));
    }

    OnError errors() {
        return OnError.valueOf(getOrDefault(onError).toUpperCase(Locale.ROOT));
    }

    long maxBytes() {
        return TextParams.bytes(getOrDefault(maxMemory));
    }

    int getOrDefaultInt(IntParam param) {
        return (Integer) getOrDefault(param);
    }

    double getOrDefaultDouble(DoubleParam param) {
        return (Double) getOrDefault(param);
    }

    boolean is(BooleanParam param) {
        return (Boolean) getOrDefault(param);
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T copy(ParamMap extra) {
        return (T) defaultCopy(extra);
    }

    @Override
    public MLWriter write() {
        return DefaultParamsWritable.super.write();
    }

    /** A path that every node has, the name of a file or archive that Spark distributes, or a name on the Hub. */
    public T setModel(String value) {
        return with(model, value);
    }

    /** Branch, tag or commit of a model on the Hub. */
    public T setRevision(String value) {
        return with(revision, value);
    }

    /** Column of images: paths, contents of files, or structs of Spark's sources {@code binaryFile} and {@code image}. */
    public T setImageCol(String value) {
        return with(imageCol, value);
    }

    /** Where relative paths of images start, in any Hadoop file system. */
    public T setImageRoot(String value) {
        return with(imageRoot, value);
    }

    /** Column of texts. */
    public T setTextCol(String value) {
        return with(textCol, value);
    }

    /** Column that is added. */
    public T setOutputCol(String value) {
        return with(outputCol, value);
    }

    /** What is computed. */
    public T setTask(String value) {
        return with(task, value);
    }

    /** Threads of an executor, which its tasks share; 0, the default, for as many as its cores. */
    public T setThreads(int value) {
        return with(threads, value);
    }

    /** How weights are held in memory: f32 or bf16. */
    public T setWeights(String value) {
        return with(weights, value);
    }

    /** How exactly matrices are multiplied: f32, bf16, bf16x3 or bf16x6. */
    public T setPrecision(String value) {
        return with(precision, value);
    }

    /** Memory of an executor for encodings and pixels, such as 2g, in addition to the model and off the heap. */
    public T setMaxMemory(String value) {
        return with(maxMemory, value);
    }

    /** What becomes of a row that cannot be computed: keep it with an error, drop it, or fail. */
    public T setOnError(String value) {
        return with(onError, value);
    }

    /** Whether texts that are too long are truncated; otherwise they are errors. */
    public T setTruncate(boolean value) {
        return with(truncate, value);
    }

    /** Tasks; 0, the default, for as many as the estimated work needs. */
    public T setPartitions(int value) {
        return with(partitions, value);
    }

    /** Whether rows are repartitioned by image, which they are by default. */
    public T setGrouped(boolean value) {
        return with(grouped, value);
    }

    /** Seconds that a task should take. */
    public T setTaskSeconds(int value) {
        return with(taskSeconds, value);
    }

    /** Seconds that one core takes for a pair; 0, the default, to measure on the driver. */
    public T setSecondsPerPair(double value) {
        return with(secondsPerPair, value);
    }

    /** Seconds that one core takes to encode an image; 0, the default, to measure on the driver. */
    public T setSecondsPerImage(double value) {
        return with(secondsPerImage, value);
    }

    /** Sets any param. */
    @SuppressWarnings("unchecked")
    <V> T with(Param<?> param, V value) {
        set((Param<V>) param, value);
        return (T) this;
    }

    /** The param of {@link #setModel}. */
    public Param<String> model() {
        return model;
    }

    /** The param of {@link #setRevision}. */
    public Param<String> revision() {
        return revision;
    }

    /** The param of {@link #setImageCol}. */
    public Param<String> imageCol() {
        return imageCol;
    }

    /** The param of {@link #setImageRoot}. */
    public Param<String> imageRoot() {
        return imageRoot;
    }

    /** The param of {@link #setTextCol}. */
    public Param<String> textCol() {
        return textCol;
    }

    /** The param of {@link #setOutputCol}. */
    public Param<String> outputCol() {
        return outputCol;
    }

    /** The param of {@link #setTask}. */
    public Param<String> task() {
        return task;
    }

    /** The param of {@link #setThreads}. */
    public IntParam threads() {
        return threads;
    }

    /** The param of {@link #setWeights}. */
    public Param<String> weights() {
        return weights;
    }

    /** The param of {@link #setPrecision}. */
    public Param<String> precision() {
        return precision;
    }

    /** The param of {@link #setMaxMemory}. */
    public Param<String> maxMemory() {
        return maxMemory;
    }

    /** The param of {@link #setOnError}. */
    public Param<String> onError() {
        return onError;
    }

    /** The param of {@link #setTruncate}. */
    public BooleanParam truncate() {
        return truncate;
    }

    /** The param of {@link #setPartitions}. */
    public IntParam partitions() {
        return partitions;
    }

    /** The param of {@link #setGrouped}. */
    public BooleanParam grouped() {
        return grouped;
    }

    /** The param of {@link #setTaskSeconds}. */
    public IntParam taskSeconds() {
        return taskSeconds;
    }

    /** The param of {@link #setSecondsPerPair}. */
    public DoubleParam secondsPerPair() {
        return secondsPerPair;
    }

    /** The param of {@link #setSecondsPerImage}. */
    public DoubleParam secondsPerImage() {
        return secondsPerImage;
    }
}
