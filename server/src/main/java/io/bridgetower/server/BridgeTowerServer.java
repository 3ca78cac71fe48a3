package io.bridgetower.server;

import io.bridgetower.RemoteImages;
import io.bridgetower.server.compute.Scheduler;
import io.bridgetower.server.compute.ServedModel;
import io.bridgetower.server.compute.ServedModels;
import io.bridgetower.server.http.HttpOptions;
import io.bridgetower.server.http.JettyListener;
import io.bridgetower.server.http.RequestLogger;
import io.bridgetower.server.http.Router;
import io.bridgetower.server.metrics.ProcessMemory;
import io.bridgetower.server.metrics.ServerMetrics;
import io.bridgetower.server.routes.Routes;
import io.bridgetower.server.routes.ServerInfo;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;

/**
 * Serves BridgeTower models over HTTP.
 *
 * <pre>{@code
 * var model = new ServerOptions.Model("demo", () -> BridgeTower.builder(directory));
 * try (var server = BridgeTowerServer.start(new ServerOptions(List.of(model)).port(0))) {
 *     server.load();
 *     System.out.println(server.uri());
 *     …
 * }
 * }</pre>
 *
 * <p>Answers probes from its start, and requests from when the models are loaded.
 */
public final class BridgeTowerServer implements AutoCloseable {
    private final Scheduler scheduler;
    private final ServedModels models;
    private final RemoteImages remote;
    private final JettyListener listener;
    private final AtomicBoolean closed = new AtomicBoolean();

    private BridgeTowerServer(ServerOptions options) {
        // A body of unknown length takes as much as one of the greatest.
        if (options.maxMemory() / 8 < options.maxBody()) {
            throw new IllegalArgumentException("memory: expected 8 times the size of a request or more, which is "
                    + 8 * options.maxBody() + " bytes, found " + options.maxMemory());
        }
        ServerMetrics metrics = new ServerMetrics();
        scheduler = new Scheduler(options.maxQueueSeconds(), metrics);
        Semaphore decoders = new Semaphore(Runtime.getRuntime().availableProcessors(), true);
        long maxBytes = options.maxMemory() / 4 * 3 / options.models().size();
        models = new ServedModels(
                options.models().stream()
                        .map(model -> (ServedModels.Loader) () -> ServedModel.load(
                                model.name(),
                                model.builder().get(),
                                options.imageLimits(),
                                maxBytes,
                                decoders,
                                metrics))
                        .toList(),
                scheduler);
        remote = options.urlPolicy() == null ? null : new RemoteImages(options.urlPolicy());
        ServerInfo info =
                new ServerInfo(options.version(), options.maxItems(), options.maxBody(), options.maxQueueSeconds());
        Router router = new Router(Routes.all(models, scheduler, metrics, remote, info));
        RequestLogger logger = entry -> {
            metrics.request(entry.path() == null ? "none" : entry.path(), entry.status(), entry.seconds());
            options.log().log(entry);
        };
        listener = new JettyListener(http(options), router, options.keys(), logger);
        addGauges(metrics);
    }

    /**
     * Begins to listen.
     *
     * @return a server without models, which {@link #load} loads
     * @throws IOException if the address is in use, or the certificate cannot be read
     */
    public static BridgeTowerServer start(ServerOptions options) throws IOException {
        BridgeTowerServer server = new BridgeTowerServer(options);
        try {
            server.listener.start();
            return server;
        } catch (IOException | RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    /**
     * Loads the models and warms them up; called again, loads them anew, in place of those before, which answer their last
     * requests.
     *
     * @throws IOException if one cannot be loaded; those before stay
     */
    public void load() throws IOException {
        models.load();
    }

    /** Where it listens. */
    public URI uri() {
        return listener.uri();
    }

    /**
     * Accepts no more requests, answers those that it has as long as its stop timeout allows, and frees everything. Closing
     * again does nothing.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) return;
        listener.close();
        scheduler.close();
        models.all().forEach(ServedModel::close);
        if (remote != null) remote.close();
    }

    private static HttpOptions http(ServerOptions options) {
        return new HttpOptions(
                options.host(),
                options.port(),
                options.maxBody(),
                options.maxMemory() / 4,
                options.timeout(),
                options.stopTimeout(),
                options.keyStore(),
                options.keyStorePassword());
    }

    private void addGauges(ServerMetrics metrics) {
        metrics.gauge("bridgetower_queue_seconds", "Estimated time of all that is admitted.", scheduler::queuedSeconds);
        metrics.gauge("bridgetower_queue_items", "Items that wait for a batch.", scheduler::queuedItems);
        metrics.gauge(
                "bridgetower_cache_bytes",
                "Memory of the encodings that are kept.",
                () -> sum(model ->
                        model.imageStatistics().bytes() + model.textStatistics().bytes()));
        metrics.counter(
                "bridgetower_cache_hits_total",
                "Encodings that were asked for and found.",
                () -> sum(model ->
                        model.imageStatistics().hits() + model.textStatistics().hits()));
        metrics.counter(
                "bridgetower_cache_misses_total",
                "Encodings that were asked for and not found.",
                () -> sum(model -> model.imageStatistics().misses()
                        + model.textStatistics().misses()));
        metrics.gauge(
                "bridgetower_workspace_bytes",
                "Memory of computations, without weights and encodings.",
                () -> sum(model -> model.bridgeTower().model().usage().workspaceBytes()));
        if (ProcessMemory.isKnown()) {
            metrics.gauge(
                    "process_resident_memory_bytes", "Physical memory of the process.", ProcessMemory::residentBytes);
        }
        metrics.gauge("jvm_memory_used_bytes", "Memory of the Java heap in use.", () -> {
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        });
    }

    private double sum(ToDoubleFunction<ServedModel> value) {
        List<ServedModel> current = models.all();
        return current.stream().mapToDouble(value).sum();
    }
}
