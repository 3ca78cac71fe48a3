package io.bridgetower.bench;

import io.bridgetower.engine.VectorWidth;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmarks of the tokenizer and the image processor on one thread, and prints each next to a peer that is
 * measured in the same run. The tokenizer is that of the directory that the system property
 * {@code bridgetower.bench.tokenizer} names, the demo model's if none does.
 */
final class ProcessorBench {
    private static final String TOKENIZER = "bridgetower.bench.tokenizer";
    private static final int WIDTH = 4000;
    private static final int HEIGHT = 3000;
    /** What the processor's defaults make of it. */
    private static final int TARGET_WIDTH = 384;

    private static final int TARGET_HEIGHT = 288;

    private final boolean quick;
    private final PrintStream out;

    ProcessorBench(boolean quick, PrintStream out) {
        this.quick = quick;
        this.out = out;
    }

    /** @param names of {@code tokenizer} and {@code image} */
    void run(List<String> names) throws RunnerException, IOException {
        out.printf(Locale.ROOT, "%-44s %8s %10s %8s %9s%n", "one thread", "here", "peer", "", "ratio");
        if (names.contains("tokenizer")) tokenizer();
        if (names.contains("image")) image();
    }

    private void tokenizer() throws RunnerException {
        String directory = System.getProperty(TOKENIZER, "models/demo");
        double millions = Captions.length(Captions.make(1000)) / 1e6;
        Map<String, Double> calls = callsPerSecond(options(TokenizerBenchmark.class)
                .param("tokenizer", Path.of(directory).toAbsolutePath().toString()));
        print("captions, one by one, million chars/s", millions, calls.get("single"), calls.get("singlePeer"), "DJL");
        print("captions, in one call, million chars/s", millions, calls.get("batch"), calls.get("batchPeer"), "DJL");
    }

    private void image() throws RunnerException, IOException {
        int divisor = quick ? 10 : 1;
        Path file = Files.createTempFile("image", ".jpg");
        try {
            ImageBenchmark.write(file, WIDTH / divisor, HEIGHT / divisor);
            double seconds = quick ? 0 : 3;
            OptionalDouble before = Pillow.milliseconds(file, TARGET_WIDTH, TARGET_HEIGHT, seconds);
            Map<String, Double> calls =
                    callsPerSecond(options(ImageBenchmark.class).param("file", file.toString()));
            OptionalDouble after = Pillow.milliseconds(file, TARGET_WIDTH, TARGET_HEIGHT, seconds);
            double megapixels = (double) WIDTH / divisor * HEIGHT / divisor / 1e6;
            print("JPEG decoded, megapixels/s", megapixels, calls.get("decode"), calls.get("decodePeer"), "the JDK");
            if (before.isPresent() && after.isPresent()) {
                double peer = 2000 / (before.getAsDouble() + after.getAsDouble());
                print("JPEG to model pixels, megapixels/s", megapixels, calls.get("process"), peer, "Pillow");
            } else {
                out.println("JPEG to model pixels: no Pillow to compare with");
            }
        } finally {
            Files.delete(file);
        }
    }

    private void print(String title, double unitsPerCall, double ours, double peers, String peer) {
        out.printf(
                Locale.ROOT,
                "%-44s %8.2f %10s %8.2f %9.2f%n",
                title,
                ours * unitsPerCall,
                peer,
                peers * unitsPerCall,
                ours / peers);
    }

    /** By the name of the method. */
    private static Map<String, Double> callsPerSecond(ChainedOptionsBuilder options) throws RunnerException {
        Map<String, Double> calls = new HashMap<>();
        for (RunResult result : new Runner(options.build()).run()) {
            String name = result.getParams().getBenchmark();
            calls.put(
                    name.substring(name.lastIndexOf('.') + 1),
                    result.getPrimaryResult().getScore());
        }
        return calls;
    }

    private ChainedOptionsBuilder options(Class<?> benchmark) {
        return new OptionsBuilder()
                .include(benchmark.getName())
                .mode(Mode.Throughput)
                .timeUnit(TimeUnit.SECONDS)
                .verbosity(VerboseMode.SILENT)
                .forks(quick ? 0 : 1)
                .jvmArgsAppend(
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dbridgetower.vectorBits=" + VectorWidth.bits())
                .warmupIterations(quick ? 1 : 4)
                .warmupTime(TimeValue.milliseconds(quick ? 100 : 1000))
                .measurementIterations(quick ? 1 : 4)
                .measurementTime(TimeValue.milliseconds(quick ? 100 : 1000))
                .shouldFailOnError(true);
    }
}
