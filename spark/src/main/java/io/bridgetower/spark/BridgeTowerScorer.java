package io.bridgetower.spark;

import io.bridgetower.jobs.rows.Task;
import io.bridgetower.spark.executor.ResultColumns;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/**
 * Tells how well the text of each row describes its image. With {@code task} match, the default, adds a struct of {@code
 * probability}, {@code logits} (no match, match) and {@code error}; with contrastive, which is coarse and fast, one of {@code
 * similarity} and {@code error}.
 */
public final class BridgeTowerScorer extends BridgeTowerTransformer<BridgeTowerScorer> {
    private static final long serialVersionUID = 1L;

    /** A scorer without a model. */
    public BridgeTowerScorer() {
        this(Identifiable$.MODULE$.randomUID("BridgeTowerScorer"));
    }

    /** As {@link #BridgeTowerScorer()}, with an id of its own. */
    public BridgeTowerScorer(String uid) {
        super(uid, "score", "match", "contrastive");
    }

    /** Reads what {@code save} has written. */
    public static MLReader<BridgeTowerScorer> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads what {@code save} has written to a path. */
    public static BridgeTowerScorer load(String path) {
        return read().load(path);
    }

    @Override
    Task jobTask() {
        return getOrDefault(task()).equals("match") ? Task.MATCH : Task.CONTRASTIVE;
    }

    @Override
    ResultColumns columns() {
        return jobTask() == Task.MATCH ? ResultColumns.MATCH : ResultColumns.SIMILARITY;
    }
}
