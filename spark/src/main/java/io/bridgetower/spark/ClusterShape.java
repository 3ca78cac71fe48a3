package io.bridgetower.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * What the tasks of a query run on.
 *
 * @param cores that Spark expects in all
 * @param executorCores of an executor; 0 where the driver does not know
 * @param taskCores of a task
 */
record ClusterShape(int cores, int executorCores, int taskCores) {
    static ClusterShape of(SparkContext context) {
        SparkConf conf = context.conf();
        int taskCores = conf.getInt("spark.task.cpus", 1);
        int cores = Math.max(1, context.defaultParallelism());
        if (context.isLocal()) return new ClusterShape(cores, cores, taskCores);
        String master = context.master();
        // Standalone executors take all cores of their machine unless told otherwise; other managers give one.
        int others = master.startsWith("spark:") || master.startsWith("local-cluster") ? 0 : 1;
        return new ClusterShape(cores, conf.getInt("spark.executor.cores", others), taskCores);
    }

    /** Tasks that run at a time. */
    int tasks() {
        return Math.max(1, cores / taskCores);
    }

    /** Tasks that an executor runs at a time; 0 where that is not known. */
    int executorTasks() {
        return executorCores == 0 ? 0 : Math.max(1, executorCores / taskCores);
    }
}
