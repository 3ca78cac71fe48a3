package io.bridgetower.server.routes;

/**
 * What clients may know of the server.
 *
 * @param version of the program
 * @param maxItems of a list in a request
 * @param maxBody bytes of a request's body
 * @param maxQueueSeconds how long a request may have to wait for others
 */
public record ServerInfo(String version, int maxItems, long maxBody, double maxQueueSeconds) {}
