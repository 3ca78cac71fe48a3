package io.bridgetower.server.compute;

/** A request takes longer than its time limit, even alone: to send it again is of no use. */
public final class TooMuchWorkException extends RuntimeException {
    /** @param message for the client */
    TooMuchWorkException(String message) {
        super(message);
    }
}
