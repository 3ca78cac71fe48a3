package io.bridgetower.hub;

import io.bridgetower.hub.HubException.Kind;
import io.bridgetower.hub.Retries.TryAgainException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Asks the server and those to which it redirects. The token goes to the endpoint alone: a redirect to another host,
 * port or scheme does without, and none leads from https to http.
 */
final class HubConnection implements AutoCloseable {
    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

    /** Property that lists what Java does not use to authenticate to a proxy for https: "Basic" by default. */
    private static final String TUNNELING = "jdk.http.auth.tunneling.disabledSchemes";

    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

    /** Beyond a request's own timeout, which does not end the look-up of a name. */
    private static final Duration NAME_LOOKUP = Duration.ofMillis(500);

    private final HubSettings settings;
    private final Patience patience;
    private final ProxyRoutes routes;
    private final HttpClient client;

    HubConnection(HubSettings settings, Patience patience) {
        this.settings = settings;
        this.patience = patience;
        this.routes = new ProxyRoutes(settings.proxies());
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(routes)
                .build();
    }

    /** The headers of an address. A redirect to another host is not followed: the Hub's own answer already has all headers. */
    HttpResponse<Void> head(URI address) throws IOException {
        URI at = address;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpRequest request =
                    request(at).timeout(patience.forAnswer()).HEAD().build();
            long start = System.nanoTime();
            HttpResponse<Void> response = send(request, HttpResponse.BodyHandlers.discarding());
            patience.waited(Duration.ofNanos(System.nanoTime() - start));
            if (!REDIRECTS.contains(response.statusCode())) return response;
            URI next = redirect(response);
            if (!sameOrigin(at, next)) return response;
            at = next;
        }
        throw new HubException(Kind.FAILED, address + ": redirects more than " + MAX_REDIRECTS + " times");
    }

    /**
     * The bytes behind an address, wherever it leads.
     *
     * @param from how many of them are there already
     */
    HttpResponse<BodyQueue> get(URI address, long from) throws IOException {
        URI at = address;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpRequest.Builder request =
                    request(at).timeout(patience.forBytes()).GET();
            if (from > 0) request.header("Range", "bytes=" + from + "-");
            HttpResponse<BodyQueue> response = send(request.build(), _ -> new BodyQueue());
            if (!REDIRECTS.contains(response.statusCode())) return response;
            response.body().close();
            at = redirect(response);
        }
        throw new HubException(Kind.FAILED, address + ": redirects more than " + MAX_REDIRECTS + " times");
    }

    /** Complains about an answer that may be another one soon; does nothing about any other. */
    static void checkPassing(HttpResponse<?> response) throws TryAgainException {
        if (!PASSING.contains(response.statusCode())) return;
        String wait = response.headers().firstValue("Retry-After").orElse(null);
        throw new TryAgainException("the server answers " + response.statusCode(), retryAfter(wait), null);
    }

    Patience patience() {
        return patience;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpRequest.Builder request(URI address) throws HubException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("User-Agent", "bridgetower-jvm")
                .header("Accept-Encoding", "identity");
        if (settings.token() != null && sameOrigin(address, settings.endpoint())) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        ProxyServer proxy = routes.server(address);
        // Java's client sends it to a proxy alone.
        if (proxy != null && proxy.user() != null) request.header("Proxy-Authorization", proxy.authorization());
        return request;
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
        Duration timeout = request.timeout().orElseThrow().plus(NAME_LOOKUP);
        try {
            HttpResponse<T> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() == PROXY_AUTHENTICATION_REQUIRED) throw proxyRefusal(request.uri());
            return response;
        } catch (ExecutionException e) {
            throw failure(request.uri(), e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unreachable(request.uri(), "its name is not found in time", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private IOException failure(URI address, Throwable e) throws HubException {
        if (e instanceof ConnectException
                || e instanceof HttpConnectTimeoutException
                || e instanceof SSLHandshakeException) {
            return unreachable(address, e.getMessage() == null ? "no connection" : e.getMessage(), e);
        }
        return new TryAgainException("the connection broke (" + e.getMessage() + ")", null, e);
    }

    private HubException unreachable(URI address, String reason, Throwable e) throws HubException {
        ProxyServer proxy = routes.server(address);
        String way = proxy == null ? "" : " through the proxy " + proxy;
        return new HubException(Kind.UNREACHABLE, "cannot reach " + address.getHost() + way + " (" + reason + ")", e);
    }

    private HubException proxyRefusal(URI address) throws HubException {
        ProxyServer proxy = routes.server(address);
        boolean secure = "https".equals(address.getScheme());
        String reason;
        if (proxy == null || proxy.user() == null) {
            reason = "demands a user and a password, as in HTTPS_PROXY=http://user:password@host:port";
        } else if (secure && System.getProperty(TUNNELING) == null) {
            reason = "demands a password, which Java sends for https only if it is started with -D" + TUNNELING + "=";
        } else {
            reason = "does not accept the user and the password";
        }
        String which = proxy == null ? "the proxy" : "the proxy " + proxy;
        return new HubException(Kind.UNREACHABLE, "cannot reach " + address.getHost() + ": " + which + " " + reason);
    }

    private static URI redirect(HttpResponse<?> response) throws IOException {
        URI from = response.uri();
        String location = response.headers().firstValue("Location").orElse("");
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new HubException(Kind.FAILED, from + ": redirects to what is no address", e);
        }
        boolean secure = "https".equals(to.getScheme());
        boolean allowed = secure || "http".equals(to.getScheme()) && "http".equals(from.getScheme());
        if (location.isEmpty() || !allowed || to.getHost() == null) {
            throw new HubException(Kind.FAILED, from + ": redirects to " + to + ", which is not followed");
        }
        return to;
    }

    private static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    /** The port of an address, that of its scheme where it names none. */
    static int port(URI address) {
        if (address.getPort() >= 0) return address.getPort();
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }

    /** Seconds, or a date. */
    private static Duration retryAfter(String value) {
        if (value == null) return null;
        try {
            return Duration.ofSeconds(Math.max(0, Long.parseLong(value.strip())));
        } catch (NumberFormatException e) {
            return untilDate(value.strip());
        }
    }

    private static Duration untilDate(String value) {
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(Instant.now(), date);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
