package io.bridgetower.cli;

/** A command cannot do what it is asked to, for a reason that its message states to the person who asked. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }

    /** @param cause for whoever asks for a stack trace */
    Failure(String message, Throwable cause) {
        super(message, cause);
    }
}
