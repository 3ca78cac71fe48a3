package io.bridgetower.server.compute;

/** The time limit of a request is over before it is computed. */
public final class DeadlineException extends RuntimeException {
    /** @param message for the client */
    DeadlineException(String message) {
        super(message);
    }
}
