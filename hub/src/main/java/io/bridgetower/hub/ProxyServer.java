package io.bridgetower.hub;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP proxy.
 *
 * @param host name or address
 * @param port where it listens
 * @param user its {@code user:password}, or null
 */
record ProxyServer(String host, int port, String user) {
    private static final int MAX_PORT = 65535;
    private static final int DEFAULT_PORT = 80;
    private static final Pattern ADDRESS = Pattern.compile(
            "(?i:http://)?(?:((?:(?!://).)*)@)?(\\[[0-9A-Fa-f:.%]+]|[^:/@\\[\\]\\s]+)(?::(\\d{1,5}))?(?:/.*)?");

    /** A proxy as the environment writes it, or null if the text is none. */
    static ProxyServer of(String text) {
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches()) return null;
        int port = parts.group(3) == null ? DEFAULT_PORT : Integer.parseInt(parts.group(3));
        if (port == 0 || port > MAX_PORT) return null;
        return new ProxyServer(parts.group(2), port, parts.group(1) == null ? null : decoded(parts.group(1)));
    }

    /** What a message may show of a text that {@link #of} refuses. */
    static String withoutPassword(String text) {
        return text.replaceFirst("^(\\w+://)?.*@", "$1");
    }

    /** Its name is looked up by the connection. */
    Proxy proxy() {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
    }

    /** The value of {@code Proxy-Authorization}, or null. */
    String authorization() {
        if (user == null) return null;
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    /** Does not show the password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    private static String decoded(String user) {
        try {
            return URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // A percent sign that stands for itself.
            return user;
        }
    }
}
