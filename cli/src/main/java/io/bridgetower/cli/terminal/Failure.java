package io.bridgetower.cli.terminal;

/** A command cannot do what it is asked to, for a reason that its message states to the person who asked. */
public final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    public Failure(String message) {
        super(message);
    }

    /** @param cause for the stack trace of {@code --verbose} */
    public Failure(String message, Throwable cause) {
        super(message, cause);
    }
}
