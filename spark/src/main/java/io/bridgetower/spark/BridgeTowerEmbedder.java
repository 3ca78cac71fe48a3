package io.bridgetower.spark;

import io.bridgetower.jobs.rows.Task;
import io.bridgetower.spark.executor.ResultColumns;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/**
 * Adds the unit vector of each row's image, text, or both together ({@code task} image, text or pair), and a column of errors,
 * null where there is none. Vectors of images and texts compare by their dot product.
 */
public final class BridgeTowerEmbedder extends BridgeTowerTransformer<BridgeTowerEmbedder> {
    private static final long serialVersionUID = 1L;

    private final Param<String> errorCol;

    /** An embedder without a model. */
    public BridgeTowerEmbedder() {
        this(Identifiable$.MODULE$.randomUID("BridgeTowerEmbedder"));
    }

    /** As {@link #BridgeTowerEmbedder()}, with an id of its own. */
    public BridgeTowerEmbedder(String uid) {
        super(uid, "embedding", "image", "text", "pair");
        errorCol = new Param<>(this, "errorCol", "column of errors; the output column with _error if not set");
    }

    /** Reads what {@code save} has written. */
    public static MLReader<BridgeTowerEmbedder> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads what {@code save} has written to a path. */
    public static BridgeTowerEmbedder load(String path) {
        return read().load(path);
    }

    /** Column of errors; by default the output column's name with {@code _error}. */
    public BridgeTowerEmbedder setErrorCol(String value) {
        return with(errorCol, value);
    }

    /** The param of {@link #setErrorCol}. */
    public Param<String> errorCol() {
        return errorCol;
    }

    @Override
    Task jobTask() {
        return switch (getOrDefault(task())) {
            case "image" -> Task.EMBED_IMAGE;
            case "text" -> Task.EMBED_TEXT;
            default -> Task.EMBED_PAIR;
        };
    }

    @Override
    ResultColumns columns() {
        return ResultColumns.EMBEDDING;
    }

    @Override
    String errorColumn() {
        return isDefined(errorCol) ? getOrDefault(errorCol) : getOrDefault(outputCol()) + "_error";
    }
}
