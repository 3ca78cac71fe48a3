package io.bridgetower.hub;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The HTTP proxies that an environment names, by the rules that {@code curl} and Python's {@code requests} share. A proxy
 * is {@code http://host:port}, with {@code user:password@} before the host where it demands them, and may lack the scheme
 * and the port, which is 80 then. Proxies that are themselves reached by https or SOCKS are not supported.
 *
 * <p>On the way to an {@code https} address, Java sends a password to a proxy only if it was started with
 * {@code -Djdk.http.auth.tunneling.disabledSchemes=} or another list without {@code Basic}.
 *
 * @param http proxy for {@code http} addresses; null for none
 * @param https proxy for {@code https} addresses; null for none
 * @param exceptions what is reached without a proxy, separated by commas or spaces: names, which include what ends with
 *     a dot and the name; addresses; networks as in {@code 10.0.0.0/8}; any of the first two with {@code :port}; or
 *     {@code *} for everything
 */
public record ProxySettings(String http, String https, String exceptions) {
    /** No proxy. */
    public static final ProxySettings NONE = new ProxySettings(null, null, "");

    /** Checks that there is a text of exceptions. */
    public ProxySettings {
        Objects.requireNonNull(exceptions);
    }

    /**
     * The proxies of {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}. The same names in
     * lower case go first, also where they are empty. Where a web server runs the program by CGI, {@code REQUEST_METHOD} is
     * set and {@code HTTP_PROXY} may come from the client, so it is ignored.
     */
    public static ProxySettings of(Map<String, String> environment) {
        String all = value(environment, "ALL_PROXY");
        String http = environment.containsKey("REQUEST_METHOD")
                ? environment.get("http_proxy")
                : value(environment, "HTTP_PROXY");
        String https = value(environment, "HTTPS_PROXY");
        String exceptions = value(environment, "NO_PROXY");
        return new ProxySettings(or(http, all), or(https, all), exceptions == null ? "" : exceptions);
    }

    /** Does not show the proxies, which may hold a password. */
    @Override
    public String toString() {
        return (http == null ? "no" : "a") + " proxy for http, " + (https == null ? "no" : "a") + " proxy for https";
    }

    private static String value(Map<String, String> environment, String name) {
        String lower = environment.get(name.toLowerCase(Locale.ROOT));
        return lower == null ? environment.get(name) : lower;
    }

    private static String or(String proxy, String otherwise) {
        if (proxy != null && !proxy.isBlank()) return proxy.strip();
        return otherwise == null || otherwise.isBlank() ? null : otherwise.strip();
    }
}
