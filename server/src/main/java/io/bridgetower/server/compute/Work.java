package io.bridgetower.server.compute;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The items of one admitted request. They are submitted in order by one thread, a bounded number at a time, so that what a long
 * list needs is made ready while its beginning is computed. To be closed when the request is answered.
 */
public final class Work implements AutoCloseable {
    /** Items that may wait or be computed at a time. */
    private static final int WINDOW = 32;

    private final Scheduler scheduler;
    private final ServedModel model;
    private final long deadline;
    private final Semaphore window = new Semaphore(WINDOW);

    /** Guarded by the scheduler's lock, as {@link #remaining}. */
    private final Deque<Unit<?>> pending = new ArrayDeque<>();

    private double remaining;

    /** Why nothing more is to be computed; null if that is not so. */
    private final AtomicReference<RuntimeException> cancellation = new AtomicReference<>();

    /**
     * @param seconds of all items
     * @param deadline by {@link System#nanoTime}
     */
    Work(Scheduler scheduler, ServedModel model, double seconds, long deadline) {
        this.scheduler = scheduler;
        this.model = model;
        this.deadline = deadline;
        remaining = seconds;
    }

    /** The model that computes. */
    public ServedModel model() {
        return model;
    }

    /**
     * Lets an item queue; waits while too many of this request do.
     *
     * @throws DeadlineException if the time of the request is over
     * @throws ClientGoneException if its client has gone
     * @throws InterruptedException if the thread is interrupted
     */
    public <R> CompletableFuture<R> submit(Item<R> item) throws InterruptedException {
        return submitAll(List.of(item)).getFirst();
    }

    /** Lets several items queue at once, as many as may, so that a batch has them together; throws as {@link #submit}. */
    public <R> List<CompletableFuture<R>> submitAll(List<? extends Item<R>> items) throws InterruptedException {
        List<CompletableFuture<R>> results = new ArrayList<>();
        for (int first = 0; first < items.size(); ) {
            int count = Math.min(items.size() - first, Math.max(1, window.availablePermits()));
            if (!window.tryAcquire(count, Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                cancel(late());
            }
            if (isCancelled()) throw cancellation.get();
            List<Unit<?>> units = new ArrayList<>();
            for (Item<R> item : items.subList(first, first + count)) {
                if (item.image() != null) item.image().retain();
                CompletableFuture<R> result = new CompletableFuture<>();
                units.add(new Unit<>(this, item, model.cost().seconds(item), System.nanoTime(), result));
                results.add(result);
            }
            scheduler.submit(this, units);
            first += count;
        }
        return results;
    }

    /** The vector of a text; throws as {@link #submit}. */
    public CompletableFuture<float[]> textVector(TextTokens text) throws InterruptedException {
        Optional<float[]> known = model.knownVector(text);
        return known.isPresent() ? CompletableFuture.completedFuture(known.get()) : submit(new Item.TextVector(text));
    }

    /**
     * The vector of an image; throws as {@link #submit}.
     *
     * @throws IOException if it is no image, or not one that the model can take
     */
    public CompletableFuture<float[]> imageVector(EncodedImage image) throws IOException, InterruptedException {
        Optional<float[]> known = model.knownVector(image.key());
        if (known.isPresent()) return CompletableFuture.completedFuture(known.get());
        try (PreparedImage prepared = model.prepare(image)) {
            return submit(new Item.ImageVector(prepared));
        }
    }

    /**
     * Waits for a result.
     *
     * @throws DeadlineException if the time of the request is over
     * @throws ClientGoneException if its client has gone
     * @throws InterruptedException if the thread is interrupted
     * @throws RuntimeException what the computation threw
     */
    public <R> R await(Future<R> result) throws InterruptedException {
        try {
            return result.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            cancel(late());
            throw cancellation.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new CompletionException(e.getCause());
            }
        }
    }

    /** Waits for all results; throws as {@link #await}. */
    public <R> List<R> awaitAll(List<? extends Future<R>> results) throws InterruptedException {
        List<R> values = new ArrayList<>(results.size());
        for (Future<R> result : results) values.add(await(result));
        return values;
    }

    /** Drops what is not computed yet, because nobody waits for it any more. Safe to call from any thread. */
    public void cancel() {
        cancel(new ClientGoneException());
    }

    /** Drops what is not computed yet. */
    @Override
    public void close() {
        cancel(new CancellationException("the request is answered"));
        scheduler.end(this);
    }

    private void cancel(RuntimeException reason) {
        cancellation.compareAndSet(null, reason);
        scheduler.drop(this, cancellation.get());
    }

    private static DeadlineException late() {
        return new DeadlineException("the time limit of the request is over");
    }

    boolean isCancelled() {
        return cancellation.get() != null;
    }

    /** Called with the scheduler's lock. */
    Deque<Unit<?>> pending() {
        return pending;
    }

    /** Called with the scheduler's lock. */
    double remaining() {
        return remaining;
    }

    void done(Unit<?> unit) {
        if (unit.item().image() != null) unit.item().image().close();
        window.release();
        scheduler.finished(this, unit.seconds());
    }

    /** Called with the scheduler's lock. */
    void subtract(double seconds) {
        remaining = Math.max(0, remaining - seconds);
    }
}
