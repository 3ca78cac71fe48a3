package io.bridgetower.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.DoubleSupplier;

/** The server's metrics, in seconds and bytes. Safe for use by several threads. */
public final class ServerMetrics {
    /** From a millisecond to the time of a long queue. */
    private static final double[] SECONDS = {0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 25, 50, 100};

    private static final double[] ITEMS = {1, 2, 4, 8, 16, 32, 64};

    /** The content type of {@link #write}. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final PrometheusRegistry registry = new PrometheusRegistry();

    private final Counter requests = Counter.builder()
            .name("bridgetower_requests_total")
            .help("Requests by route and status.")
            .labelNames("route", "status")
            .register(registry);
    private final Histogram requestSeconds = Histogram.builder()
            .name("bridgetower_request_duration_seconds")
            .help("From the headers of a request to the end of its answer.")
            .unit(Unit.SECONDS)
            .labelNames("route")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    private final Histogram queueSeconds = Histogram.builder()
            .name("bridgetower_queue_wait_seconds")
            .help("How long items waited for their batch.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    private final Histogram batchItems = Histogram.builder()
            .name("bridgetower_batch_items")
            .help("Items of a batch.")
            .labelNames("model")
            .classicOnly()
            .classicUpperBounds(ITEMS)
            .register(registry);
    private final Histogram batchSeconds = Histogram.builder()
            .name("bridgetower_batch_duration_seconds")
            .help("Time that a batch took to compute.")
            .unit(Unit.SECONDS)
            .labelNames("model")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    private final Histogram decodeSeconds = Histogram.builder()
            .name("bridgetower_image_decode_duration_seconds")
            .help("Time to decode an image and to bring it to the model's size.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    private final Counter items = Counter.builder()
            .name("bridgetower_items_total")
            .help("Items computed: pairs, vectors, texts with masks.")
            .labelNames("model")
            .register(registry);
    private final Counter dropped = Counter.builder()
            .name("bridgetower_items_dropped_total")
            .help("Items not computed because their client had gone or their time was over.")
            .register(registry);
    private final Counter encoded = Counter.builder()
            .name("bridgetower_encodings_total")
            .help("Images and texts that were encoded, because the cache had no encoding of them.")
            .labelNames("kind")
            .register(registry);

    /** One answered request. */
    public void request(String route, int status, double seconds) {
        requests.labelValues(route, Integer.toString(status)).inc();
        requestSeconds.labelValues(route).observe(seconds);
    }

    /** An item whose batch begins. */
    public void waited(double seconds) {
        queueSeconds.observe(seconds);
    }

    /** A batch that was computed. */
    public void batch(String model, int size, double seconds) {
        batchItems.labelValues(model).observe(size);
        batchSeconds.labelValues(model).observe(seconds);
        items.labelValues(model).inc(size);
    }

    /** Items that were dropped. */
    public void dropped(int count) {
        dropped.inc(count);
    }

    /** An image that was made ready. */
    public void decoded(double seconds) {
        decodeSeconds.observe(seconds);
    }

    /** Images that were encoded. */
    public void encodedImages(int count) {
        encoded.labelValues("image").inc(count);
    }

    /** Texts that were encoded. */
    public void encodedTexts(int count) {
        encoded.labelValues("text").inc(count);
    }

    /** A value that is asked for when metrics are read. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** A count that is asked for when metrics are read. */
    public void counter(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** All metrics in Prometheus' text format. */
    public void write(OutputStream out) throws IOException {
        PrometheusTextFormatWriter.create().write(out, registry.scrape());
    }
}
