package io.bridgetower.hub;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A response's body, a piece at a time, that does not wait for ever for a server that has fallen silent. */
final class BodyQueue implements BodySubscriber<BodyQueue>, AutoCloseable {
    private static final Object END = new Object();

    /** Holds one piece at the most: the next one is asked for when it is taken. */
    private final BlockingQueue<Object> pieces = new LinkedBlockingQueue<>();

    private volatile Flow.Subscription subscription;

    @Override
    public CompletionStage<BodyQueue> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> piece) {
        pieces.add(piece);
    }

    @Override
    public void onError(Throwable e) {
        pieces.add(e);
    }

    @Override
    public void onComplete() {
        pieces.add(END);
    }

    /**
     * The next piece, or null at the end.
     *
     * @throws IOException if the connection broke, or nothing came for so long
     */
    List<ByteBuffer> next(Duration patience) throws IOException {
        Object piece;
        try {
            piece = pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (piece == null) throw new IOException("nothing came for " + patience.toMillis() + " ms");
        if (piece == END) return null;
        if (piece instanceof Throwable e) throw new IOException(e.getMessage(), e);
        subscription.request(1);
        @SuppressWarnings("unchecked") // the only other thing that is put in
        List<ByteBuffer> bytes = (List<ByteBuffer>) piece;
        return bytes;
    }

    /** Wants no more of it. */
    @Override
    public void close() {
        if (subscription != null) subscription.cancel();
    }
}
