package io.bridgetower;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.hub.Hub;
import io.bridgetower.hub.HubSettings;
import io.bridgetower.hub.Progress;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** Options of a {@link BridgeTower}. Every option has a default; the last value set counts. */
public final class BridgeTowerBuilder {
    private static final long DEFAULT_CACHE_BYTES = 256L << 20;

    private final String model;
    private String revision = Hub.MAIN;
    private HubSettings hubSettings;
    private Progress progress = Progress.NONE;
    private ModelOptions options = ModelOptions.defaults();
    private long cacheBytes = DEFAULT_CACHE_BYTES;
    private ImageOptions imageOptions = ImageOptions.DEFAULT;
    private boolean truncate;
    private int maxTokens;

    BridgeTowerBuilder(String model) {
        this.model = Objects.requireNonNull(model, "model");
    }

    /** The branch, tag or commit of a model on the Hub; {@code main} by default. Ignored for a directory. */
    public BridgeTowerBuilder revision(String revision) {
        this.revision = Objects.requireNonNull(revision, "revision");
        return this;
    }

    /** The variant of the weights, {@code fp16} for {@code model.fp16.safetensors}; null, the default, for none. */
    public BridgeTowerBuilder variant(String variant) {
        options = options.withVariant(variant);
        return this;
    }

    /** Where models of the Hub come from and are kept; by default what the environment says, as for Python's libraries. */
    public BridgeTowerBuilder hub(HubSettings settings) {
        this.hubSettings = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /** Is told of downloads. */
    public BridgeTowerBuilder progress(Progress progress) {
        this.progress = Objects.requireNonNull(progress, "progress");
        return this;
    }

    /**
     * Threads that work on a call, the calling one included; as many as the machine has processors by default. Changes no
     * bit of a result.
     *
     * @throws IllegalArgumentException if there is not at least one
     */
    public BridgeTowerBuilder threads(int threads) {
        options = options.withThreads(threads);
        return this;
    }

    /** All options of the model at once: threads, weights, variant and concurrent calls. */
    public BridgeTowerBuilder modelOptions(ModelOptions options) {
        this.options = Objects.requireNonNull(options, "options");
        return this;
    }

    /** How weights are held in memory; {@link WeightPrecision#F32} by default. */
    public BridgeTowerBuilder weights(WeightPrecision precision) {
        options = options.withWeights(precision);
        return this;
    }

    /**
     * How exactly matrix products are computed; {@link ProductPrecision#F32} by default. See {@link ModelOptions#fastest} for
     * the one that is the fastest here.
     */
    public BridgeTowerBuilder precision(ProductPrecision products) {
        options = options.withPrecision(products);
        return this;
    }

    /**
     * Bytes off the heap for encodings of images and texts that later calls may need again; 256 MiB by default, which holds
     * some 35 images of a base model. 0 keeps none.
     *
     * @throws IllegalArgumentException if negative
     */
    public BridgeTowerBuilder cacheBytes(long bytes) {
        if (bytes < 0) throw new IllegalArgumentException("cache: expected 0 bytes or more, found " + bytes);
        cacheBytes = bytes;
        return this;
    }

    /** Whether texts with more tokens than the model reads are truncated; by default they are refused. */
    public BridgeTowerBuilder truncate(boolean truncate) {
        this.truncate = truncate;
        return this;
    }

    /**
     * The size at which the model sees images; by default the one it was trained with.
     *
     * @throws IllegalArgumentException from {@link #load}, if the model cannot take images of that size
     */
    public BridgeTowerBuilder images(ImageOptions options) {
        imageOptions = Objects.requireNonNull(options, "options");
        return this;
    }

    /**
     * How many calls compute at the same time, the others wait in order; as many as there are processors by default.
     *
     * @throws IllegalArgumentException if there is not at least one
     */
    public BridgeTowerBuilder maxConcurrentCalls(int calls) {
        options = options.withMaxConcurrentCalls(calls);
        return this;
    }

    /**
     * Truncates texts to so many tokens, special tokens included.
     *
     * @throws IllegalArgumentException from {@link #load}, if the model does not read so many
     */
    public BridgeTowerBuilder maxTokens(int tokens) {
        if (tokens < 1) throw new IllegalArgumentException("tokens: expected 1 or more, found " + tokens);
        maxTokens = tokens;
        return this;
    }

    /**
     * Loads the model.
     *
     * @throws java.nio.file.NoSuchFileException if a file is missing
     * @throws io.bridgetower.files.MalformedFileException if a file is not what it should be
     * @throws IOException if the model cannot be read or downloaded
     */
    public BridgeTower load() throws IOException {
        HubSettings settings = hubSettings != null ? hubSettings : HubSettings.ofEnvironment();
        Path directory = new Hub(settings, progress).locate(model, revision, options.variant());
        Loaded loaded = Loaded.load(directory, options);
        try {
            TextPreparation texts = TextPreparation.of(
                    loaded.processor().tokenizer(), loaded.trunk().config().textConfig());
            if (maxTokens > 0) texts = texts.truncatingTo(maxTokens);
            else if (truncate) texts = texts.truncating();
            PixelReader images = Pixels.reader(
                    loaded.trunk().config().visionConfig(), loaded.processor().imageProcessor(), imageOptions);
            return new BridgeTower(loaded, texts, images, cacheBytes);
        } catch (RuntimeException | Error e) {
            loaded.close();
            throw e;
        }
    }
}
