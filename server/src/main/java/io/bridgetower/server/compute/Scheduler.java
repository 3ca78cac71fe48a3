package io.bridgetower.server.compute;

import io.bridgetower.server.metrics.ServerMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Admits requests, lets their items queue, and computes them in batches on one thread, which uses the threads of the models.
 *
 * <p>Nothing waits for a batch to fill: what has queued while one batch was computed forms the next. Each request in the queue
 * gives one item in turn, so that a short request is not held up by a long list. A batch ends after half a second of estimated
 * work, since it cannot be interrupted.
 */
public final class Scheduler implements AutoCloseable {
    /** Seconds of a batch. */
    private static final double BATCH_SECONDS = 0.5;

    /** More do not make a batch more efficient. */
    private static final int BATCH_ITEMS = 64;

    private final double maxQueueSeconds;
    private final ServerMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** All requests that are admitted and not answered. */
    private final Set<Work> works = new HashSet<>();

    /** Those with items that wait, the next one to be served first. */
    private final Deque<Work> rotation = new ArrayDeque<>();

    /** Models that take no more requests. */
    private final List<ServedModel> retired = new ArrayList<>();

    private final Thread thread;
    private boolean closed;

    /** @param maxQueueSeconds how long a request may have to wait for others */
    public Scheduler(double maxQueueSeconds, ServerMetrics metrics) {
        this.maxQueueSeconds = maxQueueSeconds;
        this.metrics = metrics;
        thread = Thread.ofPlatform().name("bridgetower-batches").start(this::run);
    }

    /**
     * Admits a request.
     *
     * @param seconds that all its items take, by the model's {@link Cost}
     * @param arrived when the request had arrived, by {@link System#nanoTime}
     * @param timeout how long after that the client waits for the result
     * @return to be closed when the request is answered
     * @throws OverloadedException if it would have to wait too long
     * @throws TooMuchWorkException if it takes longer than its timeout in any case
     */
    public Work admit(ServedModel model, double seconds, long arrived, Duration timeout) {
        double limit = timeout.toNanos() / 1e9;
        if (seconds > limit) {
            throw new TooMuchWorkException(String.format(
                    Locale.ROOT,
                    "the request takes about %.0f s to compute, and its time limit is %.0f s: send fewer items, or a"
                            + " longer limit in the header X-Request-Timeout",
                    seconds,
                    limit));
        }
        lock.lock();
        try {
            if (closed || retired.contains(model)) throw new CancellationException("the model is being replaced");
            double wait = waitingTime(seconds) + (System.nanoTime() - arrived) / 1e9;
            if (wait > maxQueueSeconds || wait + seconds > limit) throw full(wait);
            Work work = new Work(this, model, seconds, arrived + timeout.toNanos());
            works.add(work);
            return work;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does nothing if a short request would be admitted.
     *
     * @throws OverloadedException if not
     */
    public void checkRoom() {
        lock.lock();
        try {
            double wait = waitingTime(0);
            if (wait > maxQueueSeconds) throw full(wait);
        } finally {
            lock.unlock();
        }
    }

    /** Seconds that a request would wait for others. Called with the lock. */
    private double waitingTime(double seconds) {
        double wait = 0;
        // While it is computed, each other one gets as many turns, or is done before.
        for (Work other : works) wait += Math.min(other.remaining(), seconds + BATCH_SECONDS);
        return wait;
    }

    private OverloadedException full(double wait) {
        return new OverloadedException(
                String.format(Locale.ROOT, "the queue is full: a request would wait about %.0f s", wait),
                (int) Math.ceil(Math.max(1, wait - maxQueueSeconds / 2)));
    }

    /** Estimated seconds of all that is admitted and not computed yet. */
    public double queuedSeconds() {
        lock.lock();
        try {
            return works.stream().mapToDouble(Work::remaining).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Items that wait. */
    public int queuedItems() {
        lock.lock();
        try {
            return rotation.stream().mapToInt(work -> work.pending().size()).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Whether all that is admitted can be computed within the longest wait. A short request may be admitted even if not. */
    public boolean hasRoom() {
        return queuedSeconds() <= maxQueueSeconds;
    }

    /** Closes a model that takes no more requests, when those that it has are answered. */
    public void retire(ServedModel model) {
        lock.lock();
        try {
            retired.add(model);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Ends after the batch that is computed now. What waits fails. */
    @Override
    public void close() {
        List<Work> left;
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(works);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(work -> drop(work, new CancellationException("the server is stopping")));
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void submit(Work work, List<Unit<?>> units) {
        boolean isLate;
        lock.lock();
        try {
            isLate = closed || work.isCancelled();
            if (!isLate) {
                if (work.pending().isEmpty()) rotation.add(work);
                work.pending().addAll(units);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        if (isLate) units.forEach(unit -> unit.fail(new CancellationException("the request has ended")));
    }

    void drop(Work work, RuntimeException reason) {
        List<Unit<?>> dropped;
        lock.lock();
        try {
            dropped = new ArrayList<>(work.pending());
            work.pending().clear();
            rotation.remove(work);
        } finally {
            lock.unlock();
        }
        metrics.dropped(dropped.size());
        for (Unit<?> unit : dropped) unit.fail(reason);
    }

    void finished(Work work, double seconds) {
        lock.lock();
        try {
            work.subtract(seconds);
        } finally {
            lock.unlock();
        }
    }

    void end(Work work) {
        lock.lock();
        try {
            works.remove(work);
            if (!retired.isEmpty()) changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (List<Unit<?>> batch = next(); batch != null; batch = next()) {
            ServedModel model = batch.getFirst().work().model();
            long start = System.nanoTime();
            for (Unit<?> unit : batch) metrics.waited((start - unit.submitted()) / 1e9);
            try {
                model.compute(batch);
            } catch (Throwable e) {
                for (Unit<?> unit : batch) if (!unit.result().isDone()) unit.fail(e);
            }
            metrics.batch(model.name(), batch.size(), (System.nanoTime() - start) / 1e9);
        }
    }

    /** Called with the lock, by the thread that computes. */
    private void closeRetired() {
        retired.removeIf(model -> {
            if (works.stream().anyMatch(work -> work.model() == model)) return false;
            model.close();
            return true;
        });
    }

    /** Waits for items and takes a batch of them, all of one model; null at the end. */
    private List<Unit<?>> next() {
        lock.lock();
        try {
            while (rotation.isEmpty() && !closed) {
                closeRetired();
                changed.awaitUninterruptibly();
            }
            closeRetired();
            if (closed) return null;
            ServedModel model = rotation.getFirst().model();
            List<Unit<?>> batch = new ArrayList<>();
            List<Work> others = new ArrayList<>();
            Set<PreparedImage> images = new HashSet<>();
            double seconds = 0;
            while (!rotation.isEmpty() && seconds < BATCH_SECONDS && batch.size() < BATCH_ITEMS) {
                Work work = rotation.poll();
                if (work.model() != model) {
                    others.add(work);
                    continue;
                }
                Unit<?> unit = work.pending().poll();
                batch.add(unit);
                PreparedImage image = unit.item().image();
                boolean isEncoded = image != null && (image.encoding() != null || !images.add(image));
                seconds += unit.seconds() - (isEncoded ? model.cost().imageSeconds() : 0);
                if (!work.pending().isEmpty()) rotation.add(work);
            }
            for (Work other : others.reversed()) rotation.addFirst(other);
            return batch;
        } finally {
            lock.unlock();
        }
    }
}
