package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.Operations;
import io.bridgetower.model.config.BridgeTowerConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code bridgetower bench}. How fast the machine is, no test can say. */
class BenchTest {
    @Test
    void measuresTheDemoModel() throws IOException {
        Map<String, Object> found = Json.object(Run.of("bench", "--seconds", 1, "--batch", 3, "--threads", 2, "--json")
                .succeeds());
        assertEquals(2L, found.get("threads"));
        assertEquals("f32", found.get("weights"));
        assertEquals("f32", found.get("precision"));
        assertEquals(3L, found.get("batch"));
        BridgeTowerConfig config = BridgeTowerConfig.load(Run.DEMO);
        long operations =
                new Operations(config).matching(16, config.visionConfig().numPositions());
        assertEquals(operations, found.get("pair_operations"));
        Map<?, ?> latency = (Map<?, ?>) found.get("pair_seconds");
        double p50 = (double) latency.get("p50"), p90 = (double) latency.get("p90"), p99 = (double) latency.get("p99");
        assertTrue(0 < p50 && p50 <= p90 && p90 <= p99, () -> p50 + ", " + p90 + ", " + p99);
        double peak = (double) found.get("peak_operations_per_second");
        assertEquals(operations / p50 / peak, (double) found.get("pair_fraction_of_peak"), 1e-9);
        Map<?, ?> callers = (Map<?, ?>) found.get("callers_pair_seconds");
        assertTrue((double) callers.get("p50") <= (double) callers.get("p99"));
        assertEquals(4L, found.get("callers"));
        for (String rate : List.of(
                "batch_pairs_per_second", "callers_pairs_per_second", "caption_pairs_per_second", "load_seconds")) {
            assertTrue((double) found.get(rate) > 0, rate);
        }
    }

    @Test
    void printsATable() {
        String out = Run.of("bench", "--seconds", 1, "--weights", "bf16").succeeds();
        for (String part : List.of(
                "processor",
                "bf16",
                "peak",
                "p50",
                "p99",
                "batches of 8",
                "one image, 32 texts",
                "4 callers at once")) {
            assertTrue(out.contains(part), () -> part + " in " + out);
        }
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        Run.of("bench", "--batch", 0).isMisuse("--batch", "1 to 1024", "0");
        Run.of("bench", "--seconds", "99999").isMisuse("--seconds", "99999");
    }
}
