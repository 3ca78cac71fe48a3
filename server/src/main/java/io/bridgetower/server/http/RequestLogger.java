package io.bridgetower.server.http;

/** Is told of every request when it is answered. */
@FunctionalInterface
public interface RequestLogger {
    /**
     * One request.
     *
     * @param method of HTTP
     * @param path as its route has it; null if it has none
     * @param status of the answer
     * @param seconds that it took
     * @param requestId in the answer's header {@code X-Request-Id}
     * @param traceparent of the request, by W3C Trace Context; null if it has none
     * @param failure why the server could not compute it; null if it could
     */
    record Entry(
            String method,
            String path,
            int status,
            double seconds,
            String requestId,
            String traceparent,
            Throwable failure) {}

    /** Logs one request. */
    void log(Entry entry);
}
