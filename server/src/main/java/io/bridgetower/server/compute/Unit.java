package io.bridgetower.server.compute;

import java.util.concurrent.CompletableFuture;

/**
 * An item that waits for its result.
 *
 * @param seconds that it is estimated to take alone
 */
record Unit<R>(Work work, Item<R> item, double seconds, long submitted, CompletableFuture<R> result) {
    void succeed(R value) {
        work.done(this);
        result.complete(value);
    }

    void fail(Throwable cause) {
        work.done(this);
        result.completeExceptionally(cause);
    }
}
