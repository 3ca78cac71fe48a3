package io.bridgetower.cli.bench;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.VectorWidth;
import io.bridgetower.engine.peak.Peak;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.Operations;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.config.BridgeTowerConfig;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * What a machine does with a model. Images are noise of the model's size, texts have {@link #TEXT_TOKENS} tokens.
 *
 * @param peak multiply-adds on registers of all threads, in operations a second: the best of moments between the others, as
 *     a virtual machine's two processors are one core's at times
 * @param loadSeconds from opening the files to a model that can be called
 * @param firstSeconds the first pair, most of which is the JIT compiler's time
 * @param operations that matching a pair needs
 * @param latencies of one pair after another, in seconds, ascending
 * @param batch pairs in a batch
 * @param batchRate pairs a second in batches
 * @param captionRate pairs a second of one image, encoded once, with {@link #CAPTIONS} texts
 * @param callersLatencies of one pair for each of {@link #CALLERS} threads that call at once, in seconds, ascending
 * @param callersRate pairs a second of all of them
 * @param residentBytes of the process in physical memory at the end; −1 where the system does not tell
 */
record Capacity(
        Host host,
        ModelOptions options,
        double peak,
        double loadSeconds,
        double firstSeconds,
        long operations,
        double[] latencies,
        int batch,
        double batchRate,
        double captionRate,
        double[] callersLatencies,
        double callersRate,
        long residentBytes) {
    static final int TEXT_TOKENS = 16;
    static final int CAPTIONS = 32;
    static final int CALLERS = 4;

    private static final int FEWEST_RUNS = 5;

    /** Measures for {@code seconds} each of latency, batches and captions. */
    static Capacity measure(Path directory, ModelOptions options, int batch, int seconds) throws IOException {
        long start = System.nanoTime();
        try (var model = BridgeTowerForImageAndTextRetrieval.load(directory, options)) {
            double load = secondsSince(start);
            BridgeTowerConfig config = model.trunk().config();
            Random random = new Random(1);
            int[][] ids = ids(config, Math.max(batch, CAPTIONS), random);
            Tensor pixels = pixels(config, batch, random);
            int[][] oneText = Arrays.copyOf(ids, 1), texts = Arrays.copyOf(ids, batch);
            start = System.nanoTime();
            model.logits(oneText, null, pixels.slice(0, 1));
            double first = secondsSince(start);
            model.trunk().warmUp();
            int threads = options.threads();
            double[] latencies = times(seconds, () -> model.logits(oneText, null, pixels.slice(0, 1)));
            double peak = Peak.measure(threads);
            double batches = rate(batch, times(seconds, () -> model.logits(texts, null, pixels)));
            peak = Math.max(peak, Peak.measure(threads));
            int[][] captions = Arrays.copyOf(ids, CAPTIONS);
            double pairs = rate(CAPTIONS, times(seconds, () -> caption(model, captions, pixels.slice(0, 1))));
            double[] callersLatencies = timesAtOnce(seconds, () -> model.logits(oneText, null, pixels.slice(0, 1)));
            double callersRate = CALLERS * rate(1, callersLatencies);
            peak = Math.max(peak, Peak.measure(threads));
            int imageTokens = config.visionConfig().numPositions();
            long operations = new Operations(config).matching(TEXT_TOKENS, imageTokens);
            Arrays.sort(latencies);
            Arrays.sort(callersLatencies);
            return new Capacity(
                    Host.current(),
                    options,
                    peak,
                    load,
                    first,
                    operations,
                    latencies,
                    batch,
                    batches,
                    pairs,
                    callersLatencies,
                    callersRate,
                    Host.residentBytes());
        }
    }

    int vectorBits() {
        return VectorWidth.bits();
    }

    /** The time that this part of {@code times}, ascending, did not exceed. */
    static double percentile(double[] times, double part) {
        return times[Math.max(0, (int) Math.ceil(part * times.length) - 1)];
    }

    /** The fraction of the peak that so many pairs a second are, each computed from scratch. */
    double fraction(double pairsPerSecond) {
        return pairsPerSecond * operations / peak;
    }

    private static void caption(BridgeTowerForImageAndTextRetrieval model, int[][] captions, Tensor pixels) {
        TextEncoding[] texts = model.trunk().encodeTexts(captions, null);
        ImageEncoding[] image = model.trunk().encodeImages(pixels);
        ImageEncoding[] images = new ImageEncoding[texts.length];
        Arrays.fill(images, image[0]);
        try {
            model.logits(texts, images);
        } finally {
            image[0].close();
            for (TextEncoding text : texts) text.close();
        }
    }

    private static int[][] ids(BridgeTowerConfig config, int count, Random random) {
        int vocabulary = config.textConfig().vocabSize(),
                pad = config.textConfig().padTokenId();
        int[][] ids = new int[count][TEXT_TOKENS];
        for (int[] text : ids) {
            Arrays.setAll(text, token -> {
                int id = random.nextInt(vocabulary);
                return id == pad ? (id + 1) % vocabulary : id;
            });
        }
        return ids;
    }

    private static Tensor pixels(BridgeTowerConfig config, int count, Random random) {
        int side = config.visionConfig().imageSize();
        Tensor pixels = Tensor.allocate(count, config.visionConfig().numChannels(), side, side);
        for (long i = 0; i < pixels.size(); i++) {
            pixels.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return pixels;
    }

    private static double[] times(int seconds, Runnable call) {
        List<Double> times = new ArrayList<>();
        long begin = System.nanoTime();
        while (times.size() < FEWEST_RUNS || secondsSince(begin) < seconds) {
            long start = System.nanoTime();
            call.run();
            times.add(secondsSince(start));
        }
        return times.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Times of callers that all go on until {@code seconds} are over. */
    private static double[] timesAtOnce(int seconds, Runnable call) {
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            return IntStream.range(0, CALLERS)
                    .mapToObj(caller -> CompletableFuture.supplyAsync(() -> times(seconds, call), callers))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
        }
    }

    /** Of all but the first call, which still grows what later ones reuse. */
    private static double rate(int pairs, double[] times) {
        return pairs * (times.length - 1) / Arrays.stream(times).skip(1).sum();
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
