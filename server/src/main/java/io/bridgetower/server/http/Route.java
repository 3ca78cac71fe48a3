package io.bridgetower.server.http;

/**
 * What answers requests.
 *
 * @param method of HTTP
 * @param path in which {@code {name}} stands for any one segment
 * @param errors how errors look
 * @param isOpen whether it needs no key
 */
public record Route(String method, String path, ErrorStyle errors, boolean isOpen, Handler handler) {
    /** Answers a request. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Answers.
         *
         * @throws Exception an {@link HttpError}, or what {@link Errors} makes one of
         */
        void handle(Exchange exchange) throws Exception;
    }

    /** A route that needs a key, if the server has keys. */
    public static Route of(String method, String path, ErrorStyle errors, Handler handler) {
        return new Route(method, path, errors, false, handler);
    }

    /** A route that is open to all. */
    public static Route open(String method, String path, Handler handler) {
        return new Route(method, path, ErrorStyle.OPENAI, true, handler);
    }
}
