package io.bridgetower.spark;

import io.bridgetower.jobs.rows.Task;
import io.bridgetower.spark.executor.ResultColumns;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/**
 * Fills every {@code <mask>} of each row's text with the words that its image suggests. Adds a struct of {@code completed}, the
 * text with the best words; {@code masks}, for each the index of its {@code token} and its {@code words} with their {@code
 * probability}, best first; and {@code error}.
 */
public final class BridgeTowerFiller extends BridgeTowerTransformer<BridgeTowerFiller> {
    private static final long serialVersionUID = 1L;

    private static final int TOP = 5;

    private final IntParam top;

    /** A filler without a model. */
    public BridgeTowerFiller() {
        this(Identifiable$.MODULE$.randomUID("BridgeTowerFiller"));
    }

    /** As {@link #BridgeTowerFiller()}, with an id of its own. */
    public BridgeTowerFiller(String uid) {
        super(uid, "filled", "fill");
        top = new IntParam(this, "top", "words for each mask", ParamValidators.gt(0));
        setDefault(top, TOP);
    }

    /** Reads what {@code save} has written. */
    public static MLReader<BridgeTowerFiller> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads what {@code save} has written to a path. */
    public static BridgeTowerFiller load(String path) {
        return read().load(path);
    }

    /** Words for each mask, 5 by default. */
    public BridgeTowerFiller setTop(int words) {
        return with(top, words);
    }

    /** The param of {@link #setTop}. */
    public IntParam top() {
        return top;
    }

    @Override
    Task jobTask() {
        return Task.FILL;
    }

    @Override
    ResultColumns columns() {
        return ResultColumns.COMPLETED;
    }

    @Override
    int words() {
        return getOrDefaultInt(top);
    }
}
