package io.bridgetower.hub;

import java.io.IOException;

/** A model could not be downloaded from the Hub. The message says which and why, and what can be done about it. */
public final class HubException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What kind of reason there is. */
    public enum Kind {
        /** Downloading is forbidden, and the cache does not hold it. */
        OFFLINE,
        /** The server cannot be reached. */
        UNREACHABLE,
        /** The server demands a token that may read this. */
        REFUSED,
        /** There is no such model, revision or file. */
        NOT_FOUND,
        /** The server was reached, but did not deliver, as often as it was asked. */
        FAILED
    }

    private final Kind kind;

    HubException(Kind kind, String message) {
        this(kind, message, null);
    }

    HubException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What kind of reason there is. */
    public Kind kind() {
        return kind;
    }
}
