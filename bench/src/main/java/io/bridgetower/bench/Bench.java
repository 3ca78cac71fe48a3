package io.bridgetower.bench;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.VectorWidth;
import io.bridgetower.engine.peak.Peak;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.init.RandomWeights;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmarks: {@code Bench [--quick] [NAME]...}, all by default.
 *
 * <p>Those of the engine are {@code matmul}, {@code large} (the matmuls of the large model), {@code attention},
 * {@code forward} and {@code operators} (where the time of a forward goes). Each is printed as a fraction of the peak
 * that is measured right before and after it, since the speed of a processor is not constant. The forward is that of a
 * base model with random weights, which is kept in the directory that the system property
 * {@code bridgetower.bench.models} names, {@code target/models} if none does. Products are those that {@code
 * bridgetower.bench.precision} names, of 32 bits if none does.
 *
 * <p>{@code tokenizer} and {@code image} are printed next to peers: see {@link ProcessorBench}.
 */
public final class Bench {
    private static final String MODELS = "bridgetower.bench.models", PRECISION = "bridgetower.bench.precision";

    private static final List<String> ENGINE = List.of("matmul", "large", "attention", "forward", "operators");
    private static final List<String> PROCESSOR = List.of("tokenizer", "image");
    private static final List<String> NAMES =
            Stream.concat(ENGINE.stream(), PROCESSOR.stream()).toList();

    private final boolean quick;
    private final PrintStream out;

    private Bench(boolean quick, PrintStream out) {
        this.quick = quick;
        this.out = out;
    }

    public static void main(String[] args) throws RunnerException, IOException {
        List<String> names = List.of(args);
        boolean quick = names.contains("--quick");
        List<String> chosen =
                names.stream().filter(name -> !name.equals("--quick")).toList();
        for (String name : chosen) {
            if (!NAMES.contains(name)) {
                System.err.println("expected one of " + NAMES + ", found " + name);
                System.exit(2);
            }
        }
        new Bench(quick, System.out).run(chosen.isEmpty() ? NAMES : chosen);
    }

    /** Runs the quickest form of the named benchmarks in this process. */
    static void quick(List<String> names, PrintStream out) throws RunnerException, IOException {
        new Bench(true, out).run(names);
    }

    private void run(List<String> names) throws RunnerException, IOException {
        List<String> engine = names.stream().filter(ENGINE::contains).toList();
        if (!engine.isEmpty()) runEngine(engine);
        List<String> processor = names.stream().filter(PROCESSOR::contains).toList();
        if (!processor.isEmpty()) new ProcessorBench(quick, out).run(processor);
    }

    private void runEngine(List<String> names) throws RunnerException, IOException {
        out.printf(
                Locale.ROOT,
                "%-44s %8s %10s %10s %9s%n",
                "vectors of " + VectorWidth.bits() + " bits",
                "threads",
                "GFLOP/s",
                "peak",
                "fraction");
        for (int threads : quick ? new int[] {2} : new int[] {1, 2}) {
            for (String name : names) {
                ChainedOptionsBuilder options = options()
                        .param("workers", Integer.toString(threads))
                        .param("precision", precision().name());
                switch (name) {
                    case "matmul" -> measure(options.include(MatmulBenchmark.class.getName()), threads);
                    case "large" ->
                        measure(
                                options.include(MatmulBenchmark.class.getName())
                                        .param("rows", "16", "442")
                                        .param("weight", "1024x1024", "3072x1024", "4096x1024", "1024x4096"),
                                threads);
                    case "operators" ->
                        OperatorTable.print(model(), precision(), threads, Duration.ofSeconds(quick ? 1 : 20), out);
                    case "attention" -> measure(options.include(AttentionBenchmark.class.getName()), threads);
                    default ->
                        measure(
                                options.include(ForwardBenchmark.class.getName())
                                        .param("model", model().toString()),
                                threads);
                }
            }
        }
    }

    private void measure(ChainedOptionsBuilder options, int threads) throws RunnerException {
        if (quick) {
            options.param("rows", "16")
                    .param("weight", "768x768")
                    .param("tokens", "325")
                    .param("batch", "1");
        }
        double before = peak(threads);
        Collection<RunResult> results = new Runner(options.build()).run();
        double peak = (before + peak(threads)) / 2;
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            double gflops = result.getPrimaryResult().getScore() * operations(params) / 1e9;
            out.printf(
                    Locale.ROOT,
                    "%-44s %8d %10.1f %10.1f %9.2f%n",
                    title(params),
                    threads,
                    gflops,
                    peak,
                    gflops / peak);
        }
    }

    /** GFLOP/s of multiply-adds on registers, on so many threads at once. */
    private double peak(int threads) throws RunnerException {
        var options = options().include(PeakBenchmark.class.getName()).threads(threads);
        RunResult result = new Runner(options.build()).run().iterator().next();
        return result.getPrimaryResult().getScore() * Peak.operations() / 1e9;
    }

    private static ProductPrecision precision() {
        return ProductPrecision.valueOf(System.getProperty(PRECISION, ProductPrecision.F32.name()));
    }

    private ChainedOptionsBuilder options() {
        return new OptionsBuilder()
                .mode(Mode.Throughput)
                .timeUnit(TimeUnit.SECONDS)
                .verbosity(VerboseMode.SILENT)
                .forks(quick ? 0 : 1)
                .jvmArgsAppend(
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dbridgetower.vectorBits=" + VectorWidth.bits())
                .warmupIterations(quick ? 1 : 5)
                .warmupTime(TimeValue.milliseconds(quick ? 500 : 1000))
                .measurementIterations(quick ? 1 : 5)
                .measurementTime(TimeValue.milliseconds(quick ? 200 : 1000))
                .shouldFailOnError(true);
    }

    private double operations(BenchmarkParams params) {
        String name = params.getBenchmark();
        if (name.startsWith(MatmulBenchmark.class.getName())) {
            return MatmulBenchmark.operations(Integer.parseInt(params.getParam("rows")), params.getParam("weight"));
        }
        if (name.startsWith(AttentionBenchmark.class.getName())) {
            return AttentionBenchmark.operations(Integer.parseInt(params.getParam("tokens")));
        }
        return ForwardBenchmark.operations(config(), Integer.parseInt(params.getParam("batch")));
    }

    private static String title(BenchmarkParams params) {
        StringBuilder title = new StringBuilder(params.getBenchmark().replaceAll(".*\\.(\\w+)Benchmark\\..*", "$1"));
        for (String key : params.getParamsKeys()) {
            boolean told = key.equals("workers")
                    || key.equals("model")
                    || params.getParam(key).equals("NONE");
            if (!told) title.append(' ').append(key).append(' ').append(params.getParam(key));
        }
        return title.toString();
    }

    private BridgeTowerConfig config() {
        BridgeTowerConfig base = BridgeTowerConfig.base();
        if (!quick) return base;
        return base.toBuilder()
                .numHiddenLayers(1)
                .textConfig(base.textConfig().toBuilder()
                        .numHiddenLayers(1)
                        .vocabSize(100)
                        .build())
                .visionConfig(base.visionConfig().toBuilder()
                        .numHiddenLayers(1)
                        .imageSize(64)
                        .build())
                .build();
    }

    private Path model() throws IOException {
        Path directory = Path.of(System.getProperty(MODELS, "target/models"), quick ? "quick" : "base");
        if (!Files.exists(directory.resolve("model.safetensors"))) {
            RandomWeights.write(config(), 1, Files.createDirectories(directory));
        }
        return directory;
    }
}
