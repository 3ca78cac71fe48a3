package io.bridgetower.hub;

import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code NO_PROXY} excepts. */
final class ProxyExceptions {
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[^]]+]|[^:]+):(\\d{1,5})");

    private final List<String> entries;

    ProxyExceptions(String text) {
        this.entries = Arrays.stream(text.toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** Whether an address is reached without a proxy. */
    boolean include(URI address) {
        String host = name(address.getHost().toLowerCase(Locale.ROOT));
        return entries.stream().anyMatch(entry -> matches(entry, host, HubConnection.port(address)));
    }

    private static boolean matches(String entry, String host, int port) {
        if (entry.equals("*")) return true;
        Matcher withPort = HOST_AND_PORT.matcher(entry);
        if (withPort.matches()) {
            return Integer.parseInt(withPort.group(2)) == port && matches(withPort.group(1), host, port);
        }
        byte[] literal = literal(host);
        if (literal != null) return isIn(entry, literal);
        String domain = name(entry).replaceFirst("^\\*?\\.", "");
        return !domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain));
    }

    /** Whether an entry is this address or a network that holds it. */
    private static boolean isIn(String entry, byte[] address) {
        int slash = entry.indexOf('/');
        byte[] network = literal(name(slash < 0 ? entry : entry.substring(0, slash)));
        if (network == null || network.length != address.length) return false;
        if (slash < 0) return Arrays.equals(network, address);
        String length = entry.substring(slash + 1);
        if (!length.matches("\\d{1,3}")) return false;
        int bits = Integer.parseInt(length);
        if (bits > 8 * address.length) return false;
        for (int i = 0; i < bits; i++) {
            if (((network[i / 8] ^ address[i / 8]) >> (7 - i % 8) & 1) != 0) return false;
        }
        return true;
    }

    /** The bytes of an address that is written as one, or null for a name. */
    private static byte[] literal(String host) {
        try {
            return InetAddress.ofLiteral(host).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Without the brackets of IPv6 and the dot that ends a full name. */
    private static String name(String host) {
        return host.replaceFirst("^\\[(.*)]$", "$1").replaceFirst("\\.$", "");
    }
}
