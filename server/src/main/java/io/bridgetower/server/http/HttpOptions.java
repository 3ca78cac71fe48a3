package io.bridgetower.server.http;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the server speaks HTTP.
 *
 * @param host address to listen at
 * @param port 0 for any that is free
 * @param maxBody bytes of a request's body at most
 * @param maxBodies bytes of all bodies that are read or computed with at a time
 * @param timeout how long a client waits that does not say, and how long any may take to send a body
 * @param stopTimeout how long requests may take that are not answered when the server stops
 * @param keyStore a PKCS 12 file with a certificate and its key; null for plain HTTP
 * @param keyStorePassword null if the file has none
 */
public record HttpOptions(
        String host,
        int port,
        long maxBody,
        long maxBodies,
        Duration timeout,
        Duration stopTimeout,
        Path keyStore,
        String keyStorePassword) {}
