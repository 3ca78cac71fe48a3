package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.batch.BridgedStates;
import io.bridgetower.model.batch.EncodedPairs;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.inputs.EncodingPrecision;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.layers.Trunk;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** Runs everything that a model does on made-up inputs, until the JIT compiler has no more to do. */
final class WarmUp {
    /** How often is looked whether the compiler still works. */
    private static final long PERIOD_NANOS = 500_000_000;

    /** It is over when compiling takes less than this part of a period: small methods are compiled now and then. */
    private static final double BUSY = 0.1;

    /** Or after so long, where other parts of the program keep the compiler busy. */
    private static final long MAX_NANOS = 10_000_000_000L;

    private static final int TOKENS = 8;

    private final BridgeTowerModel model;
    private final TextInputs texts;
    private final ImageInputs image;

    WarmUp(BridgeTowerModel model) {
        this.model = model;
        BridgeTowerVisionConfig vision = model.config().visionConfig();
        int side = vision.imageSize();
        image = ImageInputs.of(Tensor.allocate(1, vision.numChannels(), side, side));
        texts = TextInputs.of(texts(model.config().textConfig()));
    }

    /** Two texts of different lengths, as long as the model takes. */
    private static int[][] texts(BridgeTowerTextConfig config) {
        int pad = config.padTokenId(), word = pad == 0 ? 1 : 0;
        // Padding takes no position, of which there may be none.
        int id = word < config.vocabSize() && config.maxTokens() > 0 ? word : pad;
        int longest = Math.clamp(config.maxTokens(), 1, TOKENS);
        int[][] ids = {new int[longest], new int[Math.ceilDiv(longest, 2)]};
        for (int[] text : ids) Arrays.fill(text, id);
        return ids;
    }

    /** Returns after two rounds at least. */
    void run() {
        round();
        long begin = clock();
        boolean busy = true;
        while (busy && clock() - begin < MAX_NANOS) {
            long start = clock(), nanos = System.nanoTime(), millis = compilationMillis();
            do round();
            while (clock() - start < PERIOD_NANOS);
            nanos = System.nanoTime() - nanos;
            millis = compilationMillis() - millis;
            busy = millis * 1e6 > BUSY * nanos;
        }
    }

    /** Computes everything once. */
    void round() {
        pair();
        partOfABatch();
        encodings();
        towers();
    }

    /** A text and an image side by side, and their features, with the team inside the operators. */
    private void pair() {
        TextBatch one = model.batch(texts, false).slice(0, 1);
        Trunk trunk = model.trunk();
        try (var computation = model.memory().begin()) {
            Workspace workspace = computation.workspace();
            trunk.pooled(workspace, trunk.encode(workspace, one, image, null));
        }
    }

    /** What each thread does with its items of a large batch. */
    private void partOfABatch() {
        TextBatch batch = model.batch(texts, false);
        Trunk trunk = model.trunk();
        try (var computation = model.memory().beginOnOneThread()) {
            Workspace workspace = computation.workspace();
            EncodedPairs one = trunk.encode(workspace, batch, image, null);
            BridgedStates[] twice = {one.images()[0], one.images()[0]};
            trunk.pooled(workspace, new EncodedPairs(one.texts(), twice));
        }
    }

    /** Encodings of both precisions, and all features of their pairs. */
    private void encodings() {
        for (EncodingPrecision precision : EncodingPrecision.values()) {
            TextEncoding[] encodedTexts = model.encodeTexts(texts, precision);
            try (ImageEncoding encoded = model.encodeImages(image, precision)[0]) {
                model.fuse(encodedTexts, new ImageEncoding[] {encoded, encoded}).close();
            } finally {
                for (TextEncoding text : encodedTexts) text.close();
            }
        }
    }

    /** Each tower alone, as for contrastive embeddings. */
    private void towers() {
        TextBatch batch = model.batch(texts, false);
        Trunk trunk = model.trunk();
        try (var computation = model.memory().begin()) {
            Workspace workspace = computation.workspace();
            trunk.firstTextTokens(workspace, batch);
            trunk.bridgedImageTokens(workspace, trunk.firstImageTokens(workspace, image));
        }
    }

    /**
     * Processor time of this thread where it is known: next to other processes, or with a quota, the compiler takes longer,
     * and so does this.
     */
    private static long clock() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        boolean known = !Thread.currentThread().isVirtual()
                && threads.isCurrentThreadCpuTimeSupported()
                && threads.isThreadCpuTimeEnabled();
        return known ? threads.getCurrentThreadCpuTime() : System.nanoTime();
    }

    private static long compilationMillis() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : 0;
    }
}
