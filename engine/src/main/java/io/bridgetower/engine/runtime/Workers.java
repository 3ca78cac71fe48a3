package io.bridgetower.engine.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A team of threads that share out the tasks of one call, the caller being one of them.
 *
 * <p>Several threads may call {@link #run} at the same time; idle workers help whichever call has tasks left, and every
 * caller works on its own call, so none waits for another to finish. A worker without work spins for a moment, then
 * sleeps until the next call. Waking a sleeper takes the waker some microseconds of system time, so a caller wakes one,
 * which wakes two others before it begins, and so on while there are tasks.
 *
 * <p>Each thread of a call takes tasks that follow one another, which share memory, and those of others once it has none
 * of its own.
 *
 * <p>Calls cannot be interrupted: a caller whose thread is interrupted waits for its tasks as any other, without taking
 * processor time, and finds the thread interrupted when the call returns.
 */
public final class Workers implements AutoCloseable {
    /** One task of a call. */
    @FunctionalInterface
    public interface Task {
        /**
         * Runs one task.
         *
         * @param slot names the thread within this call, less than both {@link Workers#threads} and the number of tasks; no
         *     two threads of a call have the same, so it may index scratch memory
         * @param task from 0 to the number of tasks − 1, each exactly once, in any order
         */
        void run(int slot, int task);
    }

    /** Runs everything on the calling thread. */
    public static final Workers CALLER = new Workers(1);

    /** How long a thread without work spins before it sleeps: too short to matter. */
    private static final long SPIN_NANOS = 50_000;

    /**
     * How long it spins while one computation runs. Of 16 threads, an operator of a short text keeps a few; when the
     * others had fallen asleep meanwhile, half of the team was missing in the next one.
     */
    private static final long SPIN_NANOS_COMPUTING = 1_000_000;

    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger computations = new AtomicInteger();
    private final Worker[] team;
    private volatile boolean closed;

    /**
     * Starts the team.
     *
     * @param threads threads that work on a call, the caller included
     * @throws IllegalArgumentException if there is not at least one
     */
    public Workers(int threads) {
        if (threads < 1) throw new IllegalArgumentException("threads: expected at least 1, found " + threads);
        team = new Worker[threads - 1];
        for (int i = 0; i < team.length; i++) {
            team[i] = new Worker(i + 1);
            team[i].start();
        }
    }

    /** Threads that work on a call, the caller included. */
    public int threads() {
        return team.length + 1;
    }

    /**
     * Runs {@code tasks} tasks and returns when all are done; what they wrote is visible to the caller.
     *
     * @throws RuntimeException or Error the first that a task threw, with those of other tasks suppressed; tasks not yet
     *     begun are then skipped
     */
    public void run(int tasks, Task task) {
        if (team.length == 0 || tasks <= 1 || closed) {
            for (int i = 0; i < tasks; i++) task.run(0, i);
            return;
        }
        Call call = new Call(tasks, Math.min(tasks, threads()), task);
        offer(call);
        finish(call, () -> false);
    }

    /**
     * Runs {@code mine} on the calling thread and {@code other} on another of the team, if one is idle before {@code mine}
     * has ended, or else afterwards. Both may call {@link #run}; a caller that has ended first helps with the tasks of the
     * other.
     *
     * @throws RuntimeException or Error that one of them threw; if both did, the first, with the other one suppressed
     */
    public void runBeside(Runnable mine, Runnable other) {
        if (team.length == 0 || closed) {
            mine.run();
            other.run();
            return;
        }
        AtomicReference<Thread> thread = new AtomicReference<>();
        Call call = new Call(1, 2, (slot, task) -> {
            thread.set(Thread.currentThread());
            other.run();
        });
        offer(call);
        try {
            mine.run();
        } catch (Throwable e) {
            call.fail(e);
        }
        Predicate<Call> ofOther = nested -> nested.caller == thread.get();
        finish(call, () -> help(ofOther));
    }

    /**
     * Says that a computation begins, which is many calls one after another: until its {@link #end}, workers stay awake
     * between them. Where several run at the same time, they have other work.
     */
    public void begin() {
        computations.incrementAndGet();
    }

    /** Says that a computation ends that {@link #begin} has begun. */
    public void end() {
        computations.decrementAndGet();
    }

    /** Computations that have begun and not ended. */
    public int computations() {
        return computations.get();
    }

    private boolean spinsSince(long start) {
        long nanos = computations.get() == 1 ? SPIN_NANOS_COMPUTING : SPIN_NANOS;
        return System.nanoTime() - start < nanos;
    }

    private void offer(Call call) {
        calls.add(call);
        wakeOne();
    }

    /** Runs the tasks that have not begun and waits for the others, with something to do meanwhile. */
    private void finish(Call call, BooleanSupplier meanwhile) {
        call.help(0);
        calls.remove(call);
        call.await(meanwhile);
    }

    /** Helps one of the calls that have tasks and room for another thread; false if there is none. */
    private boolean help(Predicate<Call> which) {
        for (Call call : calls) {
            if (!call.wantsHelp() || !which.test(call)) continue;
            int slot = call.slots.getAndIncrement();
            if (slot < call.threads) {
                for (int other = 2 * slot; other <= 2 * slot + 1 && other < call.threads; other++) wakeOne();
                call.help(slot);
                return true;
            }
        }
        return false;
    }

    private void wakeOne() {
        for (Worker worker : team) {
            if (worker.sleeping.get() && worker.sleeping.compareAndSet(true, false)) {
                LockSupport.unpark(worker);
                return;
            }
        }
    }

    /** Ends the threads; calls made afterwards run on their caller alone. */
    @Override
    public void close() {
        closed = true;
        for (Worker worker : team) LockSupport.unpark(worker);
    }

    private final class Call {
        /** Longs from the range of one slot to that of the next, which another thread changes: a cache line. */
        private static final int APART = 8;

        private final int threads;
        private final Task task;
        private final Thread caller = Thread.currentThread();
        private final AtomicInteger slots = new AtomicInteger(1);
        private final AtomicInteger unfinished;

        /** For each slot, the tasks that have not begun: the first one, and in the lower half the one behind the last. */
        private final AtomicLongArray ranges;

        /** Set by the first thread that finds no tasks. */
        private volatile boolean allBegun;

        private volatile Throwable failure;

        /** @param threads that may help, the caller included */
        Call(int tasks, int threads, Task task) {
            this.threads = threads;
            this.task = task;
            unfinished = new AtomicInteger(tasks);
            ranges = new AtomicLongArray(threads * APART);
            for (int slot = 0; slot < threads; slot++) {
                int first = start(tasks, threads, slot), end = start(tasks, threads, slot + 1);
                ranges.setPlain(slot * APART, range(first, end));
            }
        }

        /** Whether there may be tasks for a thread that is not one of the call's. */
        boolean wantsHelp() {
            return !allBegun && slots.get() < threads;
        }

        void help(int slot) {
            int done = 0;
            for (int i = take(slot); i >= 0; i = take(slot)) {
                try {
                    if (failure == null) task.run(slot, i);
                } catch (Throwable e) {
                    fail(e);
                }
                done++;
            }
            if (done > 0 && unfinished.addAndGet(-done) == 0 && slot != 0) LockSupport.unpark(caller);
        }

        /** Keeps the first failure; the others are suppressed by it. */
        synchronized void fail(Throwable e) {
            if (failure == null) failure = e;
            else if (failure != e) failure.addSuppressed(e);
        }

        /** The next task of the slot's range, or the last one of another's; −1 if there is none. */
        private int take(int slot) {
            for (int i = 0; i < threads; i++) {
                int at = (slot + i) % threads * APART;
                for (long range = ranges.get(at); ; range = ranges.get(at)) {
                    int first = (int) (range >>> 32), end = (int) range;
                    if (first >= end) break;
                    long rest = i == 0 ? range(first + 1, end) : range(first, end - 1);
                    if (ranges.compareAndSet(at, range, rest)) return i == 0 ? first : end - 1;
                }
            }
            allBegun = true;
            return -1;
        }

        private static long range(int first, int end) {
            return (long) first << 32 | end;
        }

        /** @param meanwhile does something and says whether there was anything to do */
        void await(BooleanSupplier meanwhile) {
            long start = System.nanoTime();
            boolean interrupted = false;
            while (unfinished.get() > 0) {
                if (meanwhile.getAsBoolean()) {
                    start = System.nanoTime();
                } else if (spinsSince(start)) {
                    Thread.onSpinWait();
                } else {
                    // An interrupted thread would not park.
                    interrupted |= Thread.interrupted();
                    LockSupport.parkNanos(this, 1_000_000);
                }
            }
            if (interrupted) Thread.currentThread().interrupt();
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new AssertionError("a task cannot throw a checked exception", e);
            }
        }
    }

    private final class Worker extends Thread {
        private final AtomicBoolean sleeping = new AtomicBoolean();

        Worker(int number) {
            super(null, null, "bridgetower-worker-" + number, 0, false);
            setDaemon(true);
        }

        @Override
        public void run() {
            long idleSince = System.nanoTime();
            while (!closed) {
                if (help(call -> true)) {
                    idleSince = System.nanoTime();
                } else if (spinsSince(idleSince)) {
                    Thread.onSpinWait();
                } else {
                    sleeping.set(true);
                    // An interrupted thread would not park.
                    Thread.interrupted();
                    if (!helpWanted() && !closed) LockSupport.park(Workers.this);
                    sleeping.set(false);
                    idleSince = System.nanoTime();
                }
            }
        }

        private boolean helpWanted() {
            for (Call call : calls) if (call.wantsHelp()) return true;
            return false;
        }
    }

    /** Where one of {@code parts} parts starts when {@code count} things are shared out evenly; part {@code parts} is the end. */
    public static int start(int count, int parts, int part) {
        return part * (count / parts) + Math.min(part, count % parts);
    }
}
