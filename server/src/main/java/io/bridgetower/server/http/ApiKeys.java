package io.bridgetower.server.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/** The keys that clients may send as {@code Authorization: Bearer KEY} or {@code X-Api-Key: KEY}. */
public final class ApiKeys {
    private static final String BEARER = "Bearer ";

    /** No keys: every request is allowed. */
    public static final ApiKeys NONE = new ApiKeys(List.of());

    private final List<byte[]> keys;

    private ApiKeys(List<byte[]> keys) {
        this.keys = keys;
    }

    /**
     * Reads a file with a key on each line. Empty lines and those that begin with {@code #} are none.
     *
     * @throws IOException if it cannot be read, or has no key
     */
    public static ApiKeys read(Path file) throws IOException {
        List<byte[]> keys = Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(key -> key.getBytes(StandardCharsets.UTF_8))
                .toList();
        if (keys.isEmpty()) throw new IOException(file + ": expected a key on a line, found none");
        return new ApiKeys(keys);
    }

    /** Whether a request is allowed. Takes as long for a wrong key as for a right one. */
    boolean allow(Exchange exchange) {
        if (keys.isEmpty()) return true;
        String authorization = exchange.header("Authorization");
        String sent = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : exchange.header("X-Api-Key");
        if (sent == null) return false;
        byte[] bytes = sent.getBytes(StandardCharsets.UTF_8);
        boolean isKnown = false;
        for (byte[] key : keys) isKnown |= MessageDigest.isEqual(key, bytes);
        return isKnown;
    }
}
