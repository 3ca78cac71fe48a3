package io.bridgetower.server.compute;

/** The queue is full: a request may succeed later. */
public final class OverloadedException extends RuntimeException {
    private final int retryAfter;

    /** @param retryAfter seconds until a request may succeed */
    public OverloadedException(String message, int retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** Seconds until a request may succeed, 1 or more. */
    public int retryAfter() {
        return retryAfter;
    }
}
