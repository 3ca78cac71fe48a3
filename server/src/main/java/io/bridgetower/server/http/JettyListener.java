package io.bridgetower.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Listens for requests with Jetty, HTTP/1.1 and HTTP/2, each handled on a virtual thread of its own. */
public final class JettyListener implements AutoCloseable {
    /** Seconds that a client may be silent while it sends or receives. */
    private static final int IDLE_SECONDS = 30;

    private static final int HEADER_BYTES = 16 << 10;

    /** What is read of a connection at a time, while it sends. */
    private static final int INPUT_BYTES = 64 << 10;

    /**
     * Connections that the system holds until they are accepted. Where these are more, clients try again after a second; Jetty's
     * default of 50 is reached by a burst on a busy machine.
     */
    private static final int ACCEPT_QUEUE = 1024;

    /** What is read of a body that is refused. */
    private static final long DRAIN_BYTES = 64L << 20;

    private static final int DRAIN_SECONDS = 5;

    /** What a header may ask for. */
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    private static final Pattern REQUEST_ID = Pattern.compile("[\\w.:=+/-]{1,128}");
    private static final JsonFactory JSON = new JsonFactory();

    private final HttpOptions options;
    private final Router router;
    private final ApiKeys keys;
    private final RequestLogger logger;
    private final Semaphore bodies;
    private final Server server;
    private final ServerConnector connector;

    /** Makes a listener that does not listen yet. */
    public JettyListener(HttpOptions options, Router router, ApiKeys keys, RequestLogger logger) {
        this.options = options;
        this.router = router;
        this.keys = keys;
        this.logger = logger;
        bodies = new Semaphore((int) (options.maxBodies() >> 10));
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("bridgetower-http");
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        server.setStopTimeout(options.stopTimeout().toMillis());
        server.setHandler(new GracefulHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                JettyListener.this.handle(request, response, callback);
                return true;
            }
        }));
        server.setErrorHandler((request, response, callback) -> {
            // Of requests that cannot be parsed.
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
            callback.succeeded();
            return true;
        });
        connector = connector();
        server.addConnector(connector);
    }

    /**
     * Begins to listen.
     *
     * @throws IOException if the address is in use, or the certificate cannot be read
     */
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Where it listens. */
    public URI uri() {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return URI.create(
                (options.keyStore() == null ? "http://" : "https://") + host + ":" + connector.getLocalPort());
    }

    /** Accepts no more requests, and ends when all are answered or their time is over. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            System.getLogger(JettyListener.class.getName())
                    .log(System.Logger.Level.WARNING, "requests were cut off when the server stopped", e);
        }
    }

    private ServerConnector connector() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setIdleTimeout(IDLE_SECONDS * 1000L);
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        plain.setInputBufferSize(INPUT_BYTES);
        ServerConnector made;
        if (options.keyStore() == null) {
            made = new ServerConnector(server, plain, new PriorKnowledge(http));
        } else {
            http.addCustomizer(new SecureRequestCustomizer(false));
            SslContextFactory.Server tls = new SslContextFactory.Server();
            tls.setKeyStorePath(options.keyStore().toString());
            tls.setKeyStorePassword(options.keyStorePassword());
            ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
            alpn.setDefaultProtocol(plain.getProtocol());
            made = new ServerConnector(
                    server,
                    new SslConnectionFactory(tls, alpn.getProtocol()),
                    alpn,
                    new HTTP2ServerConnectionFactory(http),
                    plain);
        }
        made.setHost(options.host());
        made.setPort(options.port());
        made.setAcceptQueueSize(ACCEPT_QUEUE);
        made.setIdleTimeout(IDLE_SECONDS * 1000L);
        return made;
    }

    private void handle(Request request, Response response, Callback callback) {
        long start = System.nanoTime();
        String id = requestId(request.getHeaders().get("X-Request-Id"));
        response.getHeaders().put("X-Request-Id", id);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        Route route = null;
        Throwable failure = null;
        int reserved = 0;
        JettyExchange exchange = null;
        try {
            Router.Found found = router.find(request.getMethod(), Request.getPathInContext(request));
            route = found.route();
            exchange = new JettyExchange(request, response, found.values(), id, timeout(request), options);
            if (!route.isOpen() && !keys.allow(exchange)) {
                response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
                throw HttpError.of(HttpError.Kind.UNAUTHORIZED, "expected a key in the header Authorization");
            }
            reserved = reserve(request);
            route.handler().handle(exchange);
            callback.succeeded();
        } catch (Throwable e) {
            failure = e;
            if (exchange != null) exchange.computed();
            if (e instanceof InterruptedException) Thread.currentThread().interrupt();
            answer(e, route, request, response, callback);
        } finally {
            bodies.release(reserved);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        boolean isOurs = failure != null && Errors.of(failure, null).kind() == HttpError.Kind.FAILED;
        logger.log(new RequestLogger.Entry(
                request.getMethod(),
                route == null ? null : route.path(),
                response.getStatus(),
                seconds,
                id,
                request.getHeaders().get("traceparent"),
                isOurs ? failure : null));
    }

    /** Sets memory aside for the body, in KiB, twice because images in it are decoded from Base64. */
    private int reserve(Request request) {
        long length = request.getLength();
        if (length == 0 || length < 0 && !hasBody(request)) return 0;
        if (length > options.maxBody()) throw LimitedInputStream.tooLarge(options.maxBody());
        int kib = (int) ((2 * (length < 0 ? options.maxBody() : length) >> 10) + 1);
        if (bodies.tryAcquire(kib)) return kib;
        throw HttpError.overloaded("the server holds as many bytes of requests as it may", 1);
    }

    private static boolean hasBody(Request request) {
        return !request.getMethod().equals("GET") && !request.getMethod().equals("HEAD");
    }

    private Duration timeout(Request request) {
        String header = request.getHeaders().get("X-Request-Timeout");
        if (header == null) return options.timeout();
        try {
            double seconds = Double.parseDouble(header);
            if (seconds > 0) return Duration.ofNanos((long) (Math.min(seconds, MAX_TIMEOUT.toSeconds()) * 1e9));
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw HttpError.invalid("X-Request-Timeout", "expected seconds, more than 0");
    }

    private static String requestId(String sent) {
        if (sent != null && REQUEST_ID.matcher(sent).matches()) return sent;
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /**
     * Reads what is left of a body, after the answer: a client that is still sending would not see it, if the connection were
     * closed.
     */
    private static void drain(Request request) {
        long end = System.nanoTime() + DRAIN_SECONDS * 1_000_000_000L;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Content.Source.asInputStream(request)) {
            for (long left = DRAIN_BYTES; left > 0 && System.nanoTime() < end; ) {
                int read = in.read(buffer);
                if (read < 0) return;
                left -= read;
            }
        } catch (IOException | RuntimeException e) {
            // The answer is sent.
        }
    }

    private static void answer(Throwable e, Route route, Request request, Response response, Callback callback) {
        if (response.isCommitted()) {
            callback.failed(e);
            return;
        }
        ErrorStyle style = route == null ? ErrorStyle.OPENAI : route.errors();
        HttpError error = Errors.of(e, null);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.setStatus(style.status(error.kind()));
        if (error.retryAfter() > 0) response.getHeaders().put(HttpHeader.RETRY_AFTER, error.retryAfter());
        try (OutputStream out = Content.Sink.asOutputStream(response);
                JsonGenerator json = JSON.createGenerator(out)) {
            style.write(error, json);
        } catch (IOException | RuntimeException gone) {
            callback.failed(gone);
            return;
        }
        drain(request);
        callback.succeeded();
    }

    /**
     * HTTP/2 without TLS, for clients that know that the server speaks it. A connection of HTTP/1.1 stays one: with an upgrade,
     * which HTTP/2 has given up, a body of unknown length would be lost.
     */
    private static final class PriorKnowledge extends HTTP2CServerConnectionFactory {
        PriorKnowledge(HttpConfiguration http) {
            super(http);
        }

        @Override
        public Connection upgradeConnection(
                Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable response) {
            return HttpMethod.PRI.is(request.getMethod())
                    ? super.upgradeConnection(connector, endPoint, request, response)
                    : null;
        }
    }
}
