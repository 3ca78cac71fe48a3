package io.bridgetower.server;

import io.bridgetower.BridgeTowerBuilder;
import io.bridgetower.UrlPolicy;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.server.http.ApiKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Options of a {@link BridgeTowerServer}. Every option but the models has a default; the last value set counts. */
public final class ServerOptions {
    private static final long MIB = 1L << 20;

    /**
     * A model to serve.
     *
     * @param name by which clients choose it
     * @param builder makes its options, again for each time that it is loaded
     */
    public record Model(String name, Supplier<BridgeTowerBuilder> builder) {}

    private final List<Model> models;
    private String host = "127.0.0.1";
    private int port = 8080;
    private ApiKeys keys = ApiKeys.NONE;
    private double maxQueueSeconds = 30;
    private Duration timeout = Duration.ofSeconds(60);
    private Duration stopTimeout = Duration.ofSeconds(30);
    private long maxBody = 16 * MIB;
    private long maxMemory = 2048 * MIB;
    private int maxItems = 1000;
    private ImageLimits imageLimits = new ImageLimits(50_000_000, 16 * MIB);
    private UrlPolicy urlPolicy;
    private Path keyStore;
    private String keyStorePassword;
    private AccessLog log = AccessLog.NONE;
    private String version = "";

    /**
     * Default options for some models.
     *
     * @param models the default first
     * @throws IllegalArgumentException if there is none, or two have the same name
     */
    public ServerOptions(List<Model> models) {
        if (models.isEmpty()) throw new IllegalArgumentException("models: expected one or more, found none");
        long names = models.stream().map(Model::name).distinct().count();
        if (names < models.size()) throw new IllegalArgumentException("models: two have the same name");
        this.models = List.copyOf(models);
    }

    /** The address to listen at; {@code 127.0.0.1} by default, which other machines cannot reach. */
    public ServerOptions host(String host) {
        this.host = Objects.requireNonNull(host, "host");
        return this;
    }

    /** The port to listen at; 8080 by default, 0 for any that is free. */
    public ServerOptions port(int port) {
        this.port = port;
        return this;
    }

    /** The keys of clients; none by default, which lets in all. */
    public ServerOptions keys(ApiKeys keys) {
        this.keys = Objects.requireNonNull(keys, "keys");
        return this;
    }

    /** How long a request may have to wait for others, by estimate, before it is refused; 30 seconds by default. */
    public ServerOptions maxQueueSeconds(double seconds) {
        if (!(seconds > 0)) throw new IllegalArgumentException("queue: expected more than 0 seconds, found " + seconds);
        maxQueueSeconds = seconds;
        return this;
    }

    /** How long a client waits that does not say; a minute by default. */
    public ServerOptions timeout(Duration timeout) {
        if (!timeout.isPositive())
            throw new IllegalArgumentException("timeout: expected more than 0, found " + timeout);
        this.timeout = timeout;
        return this;
    }

    /** How long requests may still take when the server stops; 30 seconds by default. */
    public ServerOptions stopTimeout(Duration timeout) {
        stopTimeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /** Bytes of a request's body at most; 16 MiB by default. */
    public ServerOptions maxBody(long bytes) {
        if (bytes < 1 || bytes > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException(
                    "body: expected 1 to " + Integer.MAX_VALUE / 2 + " bytes, found " + bytes);
        }
        maxBody = bytes;
        imageLimits = new ImageLimits(imageLimits.pixels(), bytes);
        return this;
    }

    /**
     * Bytes in addition to the weights: a quarter for bodies of requests, the rest for pixels, encodings and vectors. 2 GiB by default.
     */
    public ServerOptions maxMemory(long bytes) {
        if (bytes < 64 * MIB) {
            throw new IllegalArgumentException("memory: expected " + 64 * MIB + " bytes or more, found " + bytes);
        }
        maxMemory = bytes;
        return this;
    }

    /** Items of a list in a request at most; 1000 by default. */
    public ServerOptions maxItems(int items) {
        if (items < 1) throw new IllegalArgumentException("items: expected 1 or more, found " + items);
        maxItems = items;
        return this;
    }

    /** Pixels of an image at most; 50 million by default. */
    public ServerOptions maxPixels(long pixels) {
        imageLimits = new ImageLimits(pixels, imageLimits.bytes());
        return this;
    }

    /** Which images may be downloaded for clients; none by default. */
    public ServerOptions urlPolicy(UrlPolicy policy) {
        urlPolicy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * A certificate and its key, for TLS; plain HTTP by default.
     *
     * @param keyStore a PKCS 12 file
     * @param password null if it has none
     */
    public ServerOptions tls(Path keyStore, String password) {
        this.keyStore = Objects.requireNonNull(keyStore, "keyStore");
        keyStorePassword = password;
        return this;
    }

    /** Where requests are logged; nowhere by default. */
    public ServerOptions log(AccessLog log) {
        this.log = Objects.requireNonNull(log, "log");
        return this;
    }

    /** The program's version, which {@code /info} tells. */
    public ServerOptions version(String version) {
        this.version = Objects.requireNonNull(version, "version");
        return this;
    }

    List<Model> models() {
        return models;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    ApiKeys keys() {
        return keys;
    }

    double maxQueueSeconds() {
        return maxQueueSeconds;
    }

    Duration timeout() {
        return timeout;
    }

    Duration stopTimeout() {
        return stopTimeout;
    }

    long maxBody() {
        return maxBody;
    }

    long maxMemory() {
        return maxMemory;
    }

    int maxItems() {
        return maxItems;
    }

    ImageLimits imageLimits() {
        return imageLimits;
    }

    UrlPolicy urlPolicy() {
        return urlPolicy;
    }

    Path keyStore() {
        return keyStore;
    }

    String keyStorePassword() {
        return keyStorePassword;
    }

    AccessLog log() {
        return log;
    }

    String version() {
        return version;
    }
}
