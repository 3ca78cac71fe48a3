package io.bridgetower;

import io.bridgetower.processor.image.raster.ImageLimits;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which images {@link RemoteImages} may download. A server that downloads whatever its clients name lets them reach what only
 * the server can reach, so hosts have to be allowed by name.
 *
 * <p>The addresses of a host are looked up and checked before a connection is made. One whose name server then gives another
 * address could make this machine connect to it, but gets no further than the TLS handshake: a private server has no
 * certificate for the host's name, and without one no request is sent.
 *
 * @param hosts names of hosts, kept in lower case: {@code images.example.org}, {@code *.example.org} for all below it, {@code *} for all
 * @param limits bytes of a file and pixels of an image
 * @param timeout for an image, redirects included
 * @param maxRedirects redirects that are followed, each to an allowed host
 * @param privateAddresses whether hosts may have loopback, link-local, private and other addresses that are not public; plain
 *     {@code http} is allowed for these alone
 */
public record UrlPolicy(
        Set<String> hosts, ImageLimits limits, Duration timeout, int maxRedirects, boolean privateAddresses) {
    private static final String ANY = "*";

    /** A name, an address of version 4, or one of version 6 in brackets, as in addresses of images. */
    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?[\\p{Alnum}_-]+(\\.[\\p{Alnum}_-]+)*|\\[[\\p{XDigit}:.]+]");

    /** @throws IllegalArgumentException if a host is none, the timeout is not positive or the number of redirects is negative */
    public UrlPolicy {
        hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        for (String host : hosts) {
            if (host.equals(ANY) || HOST.matcher(host).matches()) continue;
            throw new IllegalArgumentException(
                    "hosts: expected a name such as images.example.org or *.example.org, found " + host);
        }
        Objects.requireNonNull(limits, "limits");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: expected more than 0, found " + timeout);
        }
        if (maxRedirects < 0) {
            throw new IllegalArgumentException("redirects: expected 0 or more, found " + maxRedirects);
        }
    }

    /**
     * Some hosts with public addresses, 32 MiB and {@link ImageLimits#DEFAULT_PIXELS} an image, 10 seconds, 3 redirects.
     *
     * @throws IllegalArgumentException if one is not a host
     */
    public static UrlPolicy of(Set<String> hosts) {
        return new UrlPolicy(
                hosts, new ImageLimits(ImageLimits.DEFAULT_PIXELS, 32L << 20), Duration.ofSeconds(10), 3, false);
    }

    /** Why an address must not be downloaded, as far as its text tells; null if it may be. */
    String refusal(URI uri) {
        String scheme = uri.getScheme();
        boolean secure = "https".equalsIgnoreCase(scheme);
        if (!secure && !("http".equalsIgnoreCase(scheme) && privateAddresses)) {
            return "expected an https address, found " + scheme;
        }
        if (uri.getHost() == null || uri.getUserInfo() != null) return "expected a host without a user";
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return hosts.stream().anyMatch(allowed -> allows(allowed, host))
                ? null
                : "the host " + host + " is not allowed";
    }

    private static boolean allows(String allowed, String host) {
        if (allowed.equals(ANY) || allowed.equals(host)) return true;
        return allowed.startsWith("*.") && host.endsWith(allowed.substring(1));
    }
}
