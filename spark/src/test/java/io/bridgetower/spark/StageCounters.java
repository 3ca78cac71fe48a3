package io.bridgetower.spark;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import scala.jdk.javaapi.CollectionConverters;

/** The counters that Spark shows with stages, added up over stages that complete until this is closed. */
final class StageCounters extends SparkListener implements AutoCloseable {
    private final SparkContext context;
    private final Map<String, Double> sums = new HashMap<>();

    StageCounters(SparkContext context) {
        this.context = context;
        context.addSparkListener(this);
    }

    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted stage) {
        for (AccumulableInfo info :
                CollectionConverters.asJava(stage.stageInfo().accumulables()).values()) {
            if (info.name().isEmpty() || !info.name().get().startsWith("bridgetower.")) continue;
            Number value = (Number) info.value().get();
            sums.put(info.name().get(), value.doubleValue());
        }
    }

    /** The value of a counter after all stages that have ended. */
    double of(String name) throws TimeoutException {
        context.listenerBus().waitUntilEmpty();
        synchronized (this) {
            return sums.getOrDefault("bridgetower." + name, 0.0);
        }
    }

    @Override
    public void close() {
        context.removeSparkListener(this);
    }
}
