package io.bridgetower.server.compute;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.Operations;
import io.bridgetower.model.inputs.ImageInputs;
import java.lang.foreign.Arena;

/**
 * How long items take: their floating-point operations at the speed of the batches before. Safe for use by several threads.
 */
public final class Cost {
    /** Share of a new observation in an average. */
    private static final double WEIGHT = 0.2;

    /** Seconds of a batch that says how fast a model is; a shorter one says less. */
    private static final double LONG_BATCH = 0.1;

    private static final int MEASURED_IMAGES = 4, MEASUREMENTS = 3;

    private final Operations operations;
    private final long imageTokens;
    private volatile double operationsPerSecond;
    private volatile double decodeSeconds;

    private Cost(Operations operations, long imageTokens, double operationsPerSecond) {
        this.operations = operations;
        this.imageTokens = imageTokens;
        this.operationsPerSecond = operationsPerSecond;
    }

    /**
     * Measures a model that is warm.
     *
     * @param blank an image of zeros, [1, channels, height, width]
     * @param imageTokens that it makes
     */
    static Cost measure(BridgeTowerModel model, Tensor blank, long imageTokens) {
        Operations operations = new Operations(model.config());
        double best = 0;
        try (Arena arena = Arena.ofConfined()) {
            Tensor images = Tensor.allocate(arena, MEASURED_IMAGES, blank.dim(1), blank.dim(2), blank.dim(3));
            ImageInputs inputs = ImageInputs.of(images).withInterpolatePosEncoding(true);
            for (int i = 0; i < MEASUREMENTS; i++) {
                long start = System.nanoTime();
                for (ImageEncoding encoding : model.encodeImages(inputs)) encoding.close();
                double seconds = (System.nanoTime() - start) / 1e9;
                best = Math.max(best, MEASURED_IMAGES * operations.imageEncoding(imageTokens) / seconds);
            }
        }
        return new Cost(operations, imageTokens, best);
    }

    /** Seconds to encode an image, and to make it ready before that. */
    public double imageSeconds() {
        return operations.imageEncoding(imageTokens) / operationsPerSecond + decodeSeconds;
    }

    /** Seconds to encode a text. */
    public double textSeconds(TextTokens text) {
        return operations.textEncoding(text.count()) / operationsPerSecond;
    }

    /** Seconds to join a text with an image, when both are encoded. */
    public double pairSeconds(TextTokens text) {
        return fusion(text) / operationsPerSecond;
    }

    /** Seconds for a text and an image of which nothing is encoded. */
    public double wholeSeconds(TextTokens text) {
        return imageSeconds() + textSeconds(text) + pairSeconds(text);
    }

    /** Speed, as the last batches show. */
    public double operationsPerSecond() {
        return operationsPerSecond;
    }

    /** Seconds that an item takes when nothing of it is encoded. */
    double seconds(Item<?> item) {
        return switch (item) {
            case Item.Match match -> wholeSeconds(match.text());
            case Item.PairVector pair -> wholeSeconds(pair.text());
            case Item.Fill fill -> wholeSeconds(fill.text());
            case Item.TextVector text -> textSeconds(text.tokens());
            case Item.ImageVector _ -> imageSeconds();
            case Item.Explain _ -> explainSeconds();
        };
    }

    /** Seconds to explain a text of usual length. */
    public double explainSeconds() {
        return operations.features(16, imageTokens) / operationsPerSecond + decodeSeconds;
    }

    double imageOperations() {
        return operations.imageEncoding(imageTokens);
    }

    double textOperations(TextTokens text) {
        return operations.textEncoding(text.count());
    }

    double fusion(TextTokens text) {
        return operations.matching(text.count(), imageTokens)
                - operations.textEncoding(text.count())
                - operations.imageEncoding(imageTokens);
    }

    /** Learns from a batch. */
    synchronized void observe(double done, double seconds) {
        if (done <= 0 || seconds <= 0) return;
        double weight = WEIGHT * Math.min(1, seconds / LONG_BATCH);
        operationsPerSecond += weight * (done / seconds - operationsPerSecond);
    }

    /** Learns from an image that was decoded and brought to the model's size. */
    synchronized void observeDecoding(double seconds) {
        decodeSeconds = decodeSeconds == 0 ? seconds : decodeSeconds + WEIGHT * (seconds - decodeSeconds);
    }
}
