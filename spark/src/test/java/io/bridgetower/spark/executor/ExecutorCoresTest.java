package io.bridgetower.spark.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ExecutorCoresTest {
    @Test
    void theCommandLineOfAnExecutorSays() {
        String arguments =
                " --driver-url spark://CoarseGrainedScheduler@127.0.0.1:1 --executor-id 0 --cores 3 --app-id app";
        for (String main : new String[] {
            "org.apache.spark.executor.CoarseGrainedExecutorBackend",
            "org.apache.spark.executor.YarnCoarseGrainedExecutorBackend",
            "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend"
        }) {
            assertEquals(3, ExecutorCores.of(main + arguments, 8));
        }
        assertEquals(8, ExecutorCores.of("org.apache.spark.deploy.SparkSubmit --cores 3", 8));
        assertEquals(8, ExecutorCores.of("", 8));
    }
}
