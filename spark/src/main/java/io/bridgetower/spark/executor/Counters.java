package io.bridgetower.spark.executor;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * What the tasks of a transformation have done: accumulators that Spark shows with each stage.
 *
 * @param pairs rows computed, those with an error included
 * @param encodings images encoded
 * @param errors rows with an error
 * @param seconds that tasks have computed, one after the other
 * @param loads models loaded
 */
public record Counters(
        LongAccumulator pairs,
        LongAccumulator encodings,
        LongAccumulator errors,
        DoubleAccumulator seconds,
        LongAccumulator loads)
        implements Serializable {
    /** New ones, which are 0. */
    public static Counters register(SparkContext context) {
        return new Counters(
                context.longAccumulator("bridgetower.pairs"),
                context.longAccumulator("bridgetower.encodings"),
                context.longAccumulator("bridgetower.errors"),
                context.doubleAccumulator("bridgetower.seconds"),
                context.longAccumulator("bridgetower.loads"));
    }
}
