package io.bridgetower.bench;

import io.bridgetower.engine.ProductPrecision;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the time of a forward goes: the flight recorder's samples of all threads, by the kind of operator that the
 * innermost of the engine's methods on the stack belongs to. It takes no samples of machine code of ours.
 */
final class OperatorTable {
    private static final String ENGINE = "io.bridgetower.engine.";

    /** Classes of the engine, without their package, or methods of them, first match first. */
    private static final String[][] KINDS = {
        {"products", "FloatProduct.multiplyTiles", "PairProduct.multiply", "MachineKernel", "VectorKernel"},
        {"packing rows for products", "FloatRows.pack", "PairRows.pack", "Strips"},
        {"attention: products", "FloatAttention.product"},
        {"activations", "Activations", "VectorMath"},
        {"softmax", "Softmax", "FewKeys.softmax", "FewKeys.scale"},
        {"residual, writing", "TileRows", "Epilogue", "FloatRows", "PairRows"},
        {"LayerNorm", "LayerNorm"},
        {
            "attention: the rest",
            "Attention",
            "FloatAttention",
            "PairAttention",
            "FewKeys",
            "Panels",
            "Transpose",
            "RelativePositions"
        },
        {"waiting for the team", "Workers"},
        {"the rest of products", "Matmul", "PanelProduct", "FloatProduct", "PairProduct", "Linear"}
    };

    private static final String OTHER = "other";

    private OperatorTable() {}

    /** Runs the forward of one pair for a while, after as long a warm-up, and prints the table. */
    static void print(Path model, ProductPrecision precision, int threads, Duration duration, PrintStream out)
            throws IOException {
        ForwardBenchmark forward = new ForwardBenchmark();
        forward.batch = 1;
        forward.workers = threads;
        forward.precision = precision;
        forward.model = model.toString();
        forward.setUp();
        Path file = Files.createTempFile("operators", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
            repeat(forward, duration);
            recording.start();
            repeat(forward, duration);
            recording.dump(file);
            print(RecordingFile.readAllEvents(file), threads, out);
        } finally {
            Files.delete(file);
            forward.tearDown();
        }
    }

    private static void repeat(ForwardBenchmark forward, Duration duration) {
        Instant end = Instant.now().plus(duration);
        do forward.match();
        while (Instant.now().isBefore(end));
    }

    private static void print(List<RecordedEvent> events, int threads, PrintStream out) {
        Map<String, Integer> samples = new HashMap<>();
        for (RecordedEvent event : events) {
            if (event.getStackTrace() != null)
                samples.merge(kind(event.getStackTrace().getFrames()), 1, Integer::sum);
        }
        int all = samples.values().stream().mapToInt(Integer::intValue).sum();
        out.printf(
                Locale.ROOT, "%nwhere the time of a forward of one pair goes, %d threads, %d samples%n", threads, all);
        samples.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(kind ->
                        out.printf(Locale.ROOT, "%-28s %5.1f %%%n", kind.getKey(), 100.0 * kind.getValue() / all));
    }

    private static String kind(List<RecordedFrame> frames) {
        for (RecordedFrame frame : frames) {
            String type = frame.getMethod().getType().getName();
            if (!type.startsWith(ENGINE)) continue;
            String method = type.substring(type.lastIndexOf('.') + 1) + "."
                    + frame.getMethod().getName();
            // Tiles, loads, stores and loops over rows are part of whatever called them.
            if (method.matches("(Tile\\d.*|Vectors|Rows)\\..*")) continue;
            for (String[] kind : KINDS) {
                for (int i = 1; i < kind.length; i++) if (method.startsWith(kind[i])) return kind[0];
            }
        }
        return OTHER;
    }
}
