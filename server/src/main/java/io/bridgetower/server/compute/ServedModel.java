package io.bridgetower.server.compute;

import io.bridgetower.BridgeTower;
import io.bridgetower.BridgeTowerBuilder;
import io.bridgetower.Image;
import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.EncodingCache;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import io.bridgetower.server.metrics.ServerMetrics;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** A model that is loaded and warm, with the memory for what it computes. Safe for use by several threads. */
public final class ServedModel implements AutoCloseable {
    /** Places for the pixels of images that wait: more than several batches have. */
    private static final int MAX_PLACES = 512;

    private final String name;
    private final BridgeTower bridgeTower;
    private final ImageLimits limits;
    private final Semaphore decoders;
    private final ServerMetrics metrics;
    private final PixelPool pixels;
    private final EncodingCache<TextTokens, TextEncoding> texts;
    private final EncodingCache<String, ImageEncoding> images;
    private final VectorCache vectors;
    private final Cost cost;
    private final BatchComputation computation;

    private ServedModel(
            String name,
            BridgeTower bridgeTower,
            ImageLimits limits,
            long maxBytes,
            Semaphore decoders,
            ServerMetrics metrics) {
        this.name = name;
        this.bridgeTower = bridgeTower;
        this.limits = limits;
        this.decoders = decoders;
        this.metrics = metrics;
        PixelReader reader = bridgeTower.pixelReader();
        long places = maxBytes / 4 / reader.byteSize();
        pixels = new PixelPool(reader, (int) Math.clamp(places, 4, MAX_PLACES));
        texts = EncodingCache.of(maxBytes / 16);
        images = EncodingCache.of(maxBytes / 8 * 5);
        vectors = new VectorCache(maxBytes / 16);
        int patch = bridgeTower.model().config().visionConfig().patchSize();
        try (Arena arena = Arena.ofConfined()) {
            Tensor blank = reader.allocate(arena, 1);
            cost = Cost.measure(bridgeTower.model(), blank, 1 + reader.patches(patch));
        }
        computation = new BatchComputation(this, metrics);
    }

    /**
     * Loads a model and warms it up.
     *
     * @param name by which clients choose it
     * @param limits of images
     * @param maxBytes for pixels, encodings and vectors
     * @param decoders one permit for each image that may be decoded at a time
     * @throws IOException if it cannot be loaded
     */
    public static ServedModel load(
            String name,
            BridgeTowerBuilder builder,
            ImageLimits limits,
            long maxBytes,
            Semaphore decoders,
            ServerMetrics metrics)
            throws IOException {
        // What is encoded is kept here, by the bytes of an image's file.
        BridgeTower bridgeTower = builder.cacheBytes(0).load();
        try {
            bridgeTower.warmUp();
            return new ServedModel(name, bridgeTower, limits, maxBytes, decoders, metrics);
        } catch (RuntimeException | Error e) {
            bridgeTower.close();
            throw e;
        }
    }

    /** By which clients choose it. */
    public String name() {
        return name;
    }

    /** The model itself. */
    public BridgeTower bridgeTower() {
        return bridgeTower;
    }

    /** How long items take. */
    public Cost cost() {
        return cost;
    }

    /** What is kept of images. */
    public EncodingCache.Statistics imageStatistics() {
        return images.statistics();
    }

    /** What is kept of texts. */
    public EncodingCache.Statistics textStatistics() {
        return texts.statistics();
    }

    /** How texts become tokens; those that are too long are refused. */
    public TextPreparation textPreparation() {
        return bridgeTower.textPreparation();
    }

    /**
     * Decodes an image; waits while too many are.
     *
     * @throws IOException if it is no image, or passes a limit
     * @throws InterruptedException if the thread is interrupted
     */
    public Image decode(EncodedImage image) throws IOException, InterruptedException {
        decoders.acquire();
        try {
            return Image.of(decoded(image));
        } finally {
            decoders.release();
        }
    }

    /**
     * Makes an image ready; waits while too many are.
     *
     * @return to be closed
     * @throws IOException if it is no image, or passes a limit
     * @throws IllegalArgumentException if the model cannot take it
     * @throws InterruptedException if the thread is interrupted
     */
    public PreparedImage prepare(EncodedImage image) throws IOException, InterruptedException {
        Optional<EncodingCache.Lease<ImageEncoding>> encoding = images.getIfPresent(image.key());
        if (encoding.isPresent()) return PreparedImage.ofEncoding(image.key(), encoding.get());
        Tensor place = pixels.take();
        try {
            decoders.acquire();
            try {
                long start = System.nanoTime();
                bridgeTower.pixelReader().process(decoded(image), place);
                double seconds = (System.nanoTime() - start) / 1e9;
                cost.observeDecoding(seconds);
                metrics.decoded(seconds);
            } finally {
                decoders.release();
            }
            return PreparedImage.ofPixels(image.key(), pixels, place);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            pixels.giveBack(place);
            throw e;
        }
    }

    /** Frees everything. Nothing may be computed any more. */
    @Override
    public void close() {
        texts.close();
        images.close();
        pixels.close();
        bridgeTower.close();
    }

    Optional<float[]> knownVector(Object key) {
        return vectors.get(key);
    }

    void keepVector(Object key, float[] vector) {
        vectors.put(key, vector);
    }

    EncodingCache<TextTokens, TextEncoding> texts() {
        return texts;
    }

    EncodingCache<String, ImageEncoding> images() {
        return images;
    }

    void compute(List<Unit<?>> batch) {
        computation.run(batch);
    }

    private RgbImage decoded(EncodedImage image) throws IOException {
        return ImageCodec.decode(image.bytes(), image.name(), new ImageReadOptions(limits, image.exif()));
    }
}
