package io.bridgetower.server.http;

/** An error that a client is told of. Its message has nothing of the request but names of fields and numbers. */
public final class HttpError extends RuntimeException {
    /** Kinds of errors. */
    public enum Kind {
        /** A value is wrong. */
        INVALID(400),
        /** There is no key, or a wrong one. */
        UNAUTHORIZED(401),
        /** There is no such path or model. */
        NOT_FOUND(404),
        /** The path has other methods. */
        METHOD(405),
        /** The body, or the work, is too large. */
        TOO_LARGE(413),
        /** The client sends a body too slowly. */
        SLOW(408),
        /** Too many requests. */
        OVERLOADED(429),
        /** The client has gone; for logs, by nginx's convention. */
        GONE(499),
        /** The computation failed. */
        FAILED(500),
        /** The server is starting or stopping. */
        UNAVAILABLE(503),
        /** The time limit of the request is over. */
        TIMEOUT(504);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** The usual status. */
        int status() {
            return status;
        }
    }

    private static final int LOADING_SECONDS = 5;

    private final Kind kind;
    private final String field;
    private final int retryAfter;

    private HttpError(Kind kind, String field, String message, int retryAfter, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.field = field;
        this.retryAfter = retryAfter;
    }

    /** An error that concerns no single field. */
    public static HttpError of(Kind kind, String message) {
        return new HttpError(kind, null, message, 0, null);
    }

    /** An error with a cause, which the client is not told. */
    public static HttpError of(Kind kind, String message, Throwable cause) {
        return new HttpError(kind, null, message, 0, cause);
    }

    /** A wrong value; {@code input[2].image}. */
    public static HttpError invalid(String field, String problem) {
        return new HttpError(Kind.INVALID, field, field + ": " + problem, 0, null);
    }

    /** A server that has no models yet. */
    public static HttpError loading() {
        return new HttpError(Kind.UNAVAILABLE, null, "the model is being loaded", LOADING_SECONDS, null);
    }

    /** A request that may succeed after some seconds. */
    public static HttpError overloaded(String message, int retryAfter) {
        return new HttpError(Kind.OVERLOADED, null, message, retryAfter, null);
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** The field that is wrong; null if it is none. */
    public String field() {
        return field;
    }

    /** Seconds until the request may succeed; 0 if that is not known. */
    int retryAfter() {
        return retryAfter;
    }
}
