package io.bridgetower;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Downloads images from addresses that a {@link UrlPolicy} allows. Every redirect is checked like the address itself. The
 * addresses of a host are checked before the connection is made, from the JDK's cache of look-ups, which the connection then
 * uses too ({@code networkaddress.cache.ttl}, 30 seconds by default; do not set it to 0).
 *
 * <p>Safe for use by several threads at once.
 */
public final class RemoteImages implements AutoCloseable {
    private static final int FIRST_REDIRECT = 300, LAST_REDIRECT = 399, OK = 200;

    private final UrlPolicy policy;
    private final HttpClient client;

    /** Makes an HTTP client, which lives until {@link #close}. */
    public RemoteImages(UrlPolicy policy) {
        this.policy = Objects.requireNonNull(policy, "policy");
        client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(policy.timeout())
                // A proxy would look up names itself, and reach what the policy does not allow.
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
    }

    /**
     * Downloads and decodes an image.
     *
     * @throws io.bridgetower.files.MalformedFileException if it is not an image of a known format, is damaged or truncated, or
     *     passes a limit
     * @throws IOException if the policy does not allow the address, or it cannot be downloaded in time; the message names it
     */
    public Image read(URI address) throws IOException {
        return read(address, ImageReadOptions.DEFAULT);
    }

    /** As {@link #read(URI)}, decoding as options say, but with the limits of the policy. */
    public Image read(URI address, ImageReadOptions reading) throws IOException {
        ImageReadOptions options = reading.withLimits(policy.limits());
        byte[] encoded = download(address);
        try {
            return Image.decode(encoded, address.getPath(), options);
        } catch (MalformedFileException e) {
            throw e.at(address.toString());
        }
    }

    /**
     * Downloads the bytes of what should be an image.
     *
     * @throws IOException if the policy does not allow the address, or it cannot be downloaded in time; the message names it
     */
    public byte[] download(URI address) throws IOException {
        long end = System.nanoTime() + policy.timeout().toNanos();
        URI next = address;
        for (int redirects = 0; redirects <= policy.maxRedirects(); redirects++) {
            check(address, next, end);
            HttpResponse<byte[]> response = get(address, next, end);
            int status = response.statusCode();
            if (status == OK) return response.body();
            Optional<String> location = response.headers().firstValue("Location");
            if (status < FIRST_REDIRECT || status > LAST_REDIRECT || location.isEmpty()) {
                throw new IOException(address + ": the server answers " + status);
            }
            try {
                next = next.resolve(location.get());
            } catch (IllegalArgumentException e) {
                throw new IOException(address + ": redirected to " + location.get() + ", which is no address", e);
            }
        }
        throw new IOException(address + ": more than " + policy.maxRedirects() + " redirects");
    }

    /** Ends the connections. */
    @Override
    public void close() {
        client.shutdownNow();
    }

    private void check(URI named, URI address, long end) throws IOException {
        String refusal = policy.refusal(address);
        if (refusal == null && !policy.privateAddresses()) {
            String host = address.getHost();
            CompletableFuture<InetAddress[]> lookup = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    lookup.complete(InetAddress.getAllByName(host));
                } catch (IOException e) {
                    lookup.completeExceptionally(new IOException("the host " + host + " is not known", e));
                }
            });
            for (InetAddress one : await(named, lookup, end)) {
                if (!isPublic(one)) refusal = "the host " + host + " has no public address";
            }
        }
        if (refusal == null) return;
        throw new IOException(named + (named.equals(address) ? "" : ", redirected to " + address) + ": " + refusal);
    }

    private HttpResponse<byte[]> get(URI named, URI address, long end) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address).GET().build();
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(
                request,
                BodyHandlers.limiting(
                        BodyHandlers.ofByteArray(), policy.limits().bytes()));
        return await(named, response, end);
    }

    private <T> T await(URI named, CompletableFuture<T> response, long end) throws IOException {
        try {
            return response.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            response.cancel(true);
            throw late(named);
        } catch (ExecutionException e) {
            throw new IOException(named + ": " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException(named + ": interrupted", e);
        }
    }

    private IOException late(URI address) {
        return new IOException(
                address + ": not downloaded within " + policy.timeout().toSeconds() + " seconds");
    }

    private static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        int first = address.getAddress()[0] & 0xff, second = address.getAddress()[1] & 0xff;
        int third = address.getAddress()[2] & 0xff;
        if (address instanceof Inet4Address) {
            // This network, shared addresses of providers (RFC 6598), protocols and examples (RFC 6890), benchmarks
            // (RFC 2544), reserved.
            return first != 0
                    && !(first == 100 && second >= 64 && second < 128)
                    && !(first == 192 && second == 0 && (third == 0 || third == 2))
                    && !(first == 198 && (second == 18 || second == 19))
                    && first < 240;
        }
        // Only global unicast (RFC 4291), without 6to4 and Teredo, which lead to addresses of version 4.
        boolean tunnel = first == 0x20
                && (second == 0x02 || second == 0x01 && address.getAddress()[2] == 0 && address.getAddress()[3] == 0);
        return (first & 0xe0) == 0x20 && !tunnel;
    }
}
