package io.bridgetower.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchTest {
    /** How fast it is is not asked; that it runs, counts and prints is. */
    @Test
    void everyBenchmarkPrintsItsFractionOfThePeak() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            Bench.quick(List.of("matmul", "attention", "forward"), out);
        }
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(4, lines.size(), bytes.toString(StandardCharsets.UTF_8));
        for (String line : lines.subList(1, 4)) {
            String[] words = line.trim().split("\\s+");
            double gflops = Double.parseDouble(words[words.length - 3]),
                    peak = Double.parseDouble(words[words.length - 2]);
            assertTrue(gflops > 0 && gflops < 1.5 * peak, line);
        }
    }

    @Test
    void theTimeOfAForwardIsTold() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            Bench.quick(List.of("operators"), out);
        }
        List<String> lines =
                bytes.toString(StandardCharsets.UTF_8).lines().skip(3).toList();
        double sum = 0;
        for (String line : lines) sum += Double.parseDouble(line.substring(28, 34));
        assertEquals(100, sum, 1, bytes.toString(StandardCharsets.UTF_8));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("products")), lines::toString);
    }

    @Test
    void theProcessorIsPrintedBesideItsPeers() throws Exception {
        System.setProperty("bridgetower.bench.tokenizer", System.getProperty("bridgetower.root") + "/models/demo");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            Bench.quick(List.of("tokenizer", "image"), out);
        }
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(5, lines.size(), bytes.toString(StandardCharsets.UTF_8));
        for (String line : lines.subList(1, 4)) {
            String[] words = line.trim().split("\\s+");
            assertTrue(Double.parseDouble(words[words.length - 1]) > 0, line);
        }
    }
}
