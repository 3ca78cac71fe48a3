package io.bridgetower.server.compute;

/** Nobody waits for the answer to a request any more. */
public final class ClientGoneException extends RuntimeException {
    ClientGoneException() {
        super("the client has gone");
    }
}
