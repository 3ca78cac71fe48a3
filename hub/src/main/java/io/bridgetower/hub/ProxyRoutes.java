package io.bridgetower.hub;

import io.bridgetower.hub.HubException.Kind;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;

/**
 * Through which proxy an address is reached: the one that Java's system properties or the application's own selector
 * name, else that of the environment.
 */
final class ProxyRoutes extends ProxySelector {
    private final ProxySettings settings;
    private final ProxyExceptions exceptions;

    ProxyRoutes(ProxySettings settings) {
        this.settings = settings;
        this.exceptions = new ProxyExceptions(settings.exceptions());
    }

    @Override
    public List<Proxy> select(URI address) {
        List<Proxy> java = ofJava(address);
        if (java != null) return java;
        try {
            ProxyServer server = ofEnvironment(address);
            return List.of(server == null ? Proxy.NO_PROXY : server.proxy());
        } catch (HubException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException e) {
        // There is no other route to try.
    }

    /**
     * The proxy of the environment on the way to an address, or null.
     *
     * @throws HubException if the environment names something else than an HTTP proxy
     */
    ProxyServer server(URI address) throws HubException {
        return ofJava(address) == null ? ofEnvironment(address) : null;
    }

    /** Null unless Java itself is told about HTTP proxies, the only ones that its HTTP client can use. */
    private static List<Proxy> ofJava(URI address) {
        ProxySelector selector = getDefault();
        if (selector == null) return null;
        List<Proxy> proxies = selector.select(address);
        boolean direct = proxies.stream().noneMatch(proxy -> proxy.type() == Proxy.Type.HTTP);
        // Where a property names a proxy, http.nonProxyHosts may say that this address is reached without.
        boolean told = System.getProperty(address.getScheme() + ".proxyHost") != null
                || Boolean.getBoolean("java.net.useSystemProxies");
        return direct && !told ? null : proxies;
    }

    private ProxyServer ofEnvironment(URI address) throws HubException {
        boolean secure = "https".equalsIgnoreCase(address.getScheme());
        String text = secure ? settings.https() : settings.http();
        if (text == null || exceptions.include(address)) return null;
        ProxyServer server = ProxyServer.of(text);
        if (server != null) return server;
        throw new HubException(
                Kind.UNREACHABLE,
                (secure ? "HTTPS_PROXY" : "HTTP_PROXY") + " or ALL_PROXY: found " + ProxyServer.withoutPassword(text)
                        + ", expected http://host:port; proxies that are reached by https or SOCKS are not supported");
    }
}
