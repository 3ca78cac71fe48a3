package io.bridgetower.engine.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyTaskRunsOnceAndNoTwoThreadsShareASlot(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int tasks : new int[] {0, 1, 2, 7, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(tasks), busy = new AtomicIntegerArray(threads);
                AtomicBoolean shared = new AtomicBoolean();
                workers.run(tasks, (slot, task) -> {
                    if (busy.getAndIncrement(slot) != 0) shared.set(true);
                    runs.incrementAndGet(task);
                    busy.decrementAndGet(slot);
                });
                assertFalse(shared.get());
                for (int i = 0; i < tasks; i++) assertEquals(1, runs.get(i), "task " + i);
            }
        }
    }

    /** Each task waits for all threads of the team, which sleep at first. */
    @Test
    @Timeout(60)
    void everySleeperIsWoken() throws Exception {
        int threads = 8;
        try (Workers workers = new Workers(threads)) {
            for (int round = 0; round < 20; round++) {
                TimeUnit.MILLISECONDS.sleep(5);
                CountDownLatch arrived = new CountDownLatch(threads);
                workers.run(threads, (slot, task) -> meet(arrived));
            }
        }
    }

    /** The only worker is busy elsewhere, so the caller works through its own half and then the other from its end. */
    @Test
    @Timeout(60)
    void aThreadTakesNeighboursFirstAndOthersTasksFromTheirEnd() throws Exception {
        try (Workers workers = new Workers(2);
                var other = Executors.newSingleThreadExecutor()) {
            CountDownLatch busy = new CountDownLatch(2), over = new CountDownLatch(1);
            Future<?> call = other.submit(() -> workers.run(2, (slot, task) -> {
                meet(busy);
                await(over);
            }));
            busy.await();
            List<Integer> order = new ArrayList<>();
            workers.run(7, (slot, task) -> order.add(task));
            over.countDown();
            call.get();
            assertEquals(List.of(0, 1, 2, 3, 6, 5, 4), order);
        }
    }

    /** The first task waits for all others, among them those that would have been its own thread's. */
    @Test
    @Timeout(60)
    void tasksBehindALongOneAreTakenByOthers() {
        try (Workers workers = new Workers(3)) {
            CountDownLatch others = new CountDownLatch(29);
            workers.run(30, (slot, task) -> {
                if (task == 0) await(others);
                else others.countDown();
            });
            assertEquals(0, others.getCount());
        }
    }

    @Test
    void computationsAreCounted() {
        try (Workers workers = new Workers(2)) {
            workers.begin();
            workers.begin();
            assertEquals(2, workers.computations());
            workers.end();
            assertEquals(45, sum(workers, 10));
            workers.end();
            assertEquals(0, workers.computations());
        }
    }

    /** Both threads of the call are in it, one with the last task, so that nobody has found its tasks to be all begun. */
    @Test
    @Timeout(60)
    void workersSleepBesideACallThatHasNoRoomForThem() throws Exception {
        Set<Thread> others = Set.copyOf(Thread.getAllStackTraces().keySet());
        try (Workers workers = new Workers(4)) {
            List<Thread> team = team(others);
            assertEquals(3, team.size());
            for (int round = 0; round < 100; round++) {
                CountDownLatch awake = new CountDownLatch(4);
                workers.run(4, (slot, task) -> meet(awake));
                CountDownLatch begun = new CountDownLatch(2), asleep = new CountDownLatch(1);
                workers.runBeside(
                        () -> {
                            meet(begun);
                            boolean sleep = false;
                            while (!sleep && !Thread.currentThread().isInterrupted()) {
                                sleep = team.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING);
                            }
                            asleep.countDown();
                            assertTrue(sleep);
                        },
                        () -> {
                            meet(begun);
                            await(asleep);
                        });
            }
        }
    }

    /** Kernels have scratch memory for no more threads than there are tasks. */
    @Test
    void slotsAreFewerThanTasks() {
        try (Workers workers = new Workers(8)) {
            AtomicInteger highest = new AtomicInteger();
            for (int round = 0; round < 20_000; round++) {
                workers.run(2, (slot, task) -> highest.accumulateAndGet(slot, Math::max));
            }
            assertTrue(highest.get() < 2, () -> "slot " + highest);
        }
    }

    @Test
    void whatATaskThrowsReachesTheCallerAndTheTeamGoesOn() {
        try (Workers workers = new Workers(3)) {
            RuntimeException thrown = new IllegalStateException("task 5");
            assertSame(
                    thrown,
                    assertThrows(
                            RuntimeException.class,
                            () -> workers.run(50, (slot, task) -> {
                                if (task == 5) throw thrown;
                            })));
            assertEquals(4950, sum(workers, 100));
        }
    }

    /** A worker fails first, and sleeps before the others fail. */
    @Test
    @Timeout(60)
    void theFirstOfSeveralFailuresIsThrownWithTheOthersSuppressed() {
        try (Workers workers = new Workers(3)) {
            Thread caller = Thread.currentThread();
            for (int round = 0; round < 20; round++) {
                CountDownLatch begun = new CountDownLatch(3);
                AtomicReference<Thread> failing = new AtomicReference<>();
                RuntimeException first = new IllegalStateException("first");
                RuntimeException thrown = assertThrows(
                        RuntimeException.class,
                        () -> workers.run(3, (slot, task) -> {
                            meet(begun);
                            Thread own = Thread.currentThread();
                            if (own != caller && failing.compareAndSet(null, own)) throw first;
                            awaitState(failing, Thread.State.WAITING);
                            throw new IllegalStateException("later");
                        }));
                assertSame(first, thrown);
                assertEquals(2, thrown.getSuppressed().length);
            }
        }
    }

    @Test
    @Timeout(60)
    void theFirstFailureOfTwoSidesIsThrownWithTheOtherSuppressed() {
        try (Workers workers = new Workers(2)) {
            for (int round = 0; round < 20; round++) {
                AtomicReference<Thread> failing = new AtomicReference<>();
                RuntimeException first = new IllegalStateException("first"), later = new IllegalStateException("later");
                RuntimeException thrown = assertThrows(
                        RuntimeException.class,
                        () -> workers.runBeside(
                                () -> {
                                    awaitState(failing, Thread.State.WAITING);
                                    throw later;
                                },
                                () -> {
                                    failing.set(Thread.currentThread());
                                    throw first;
                                }));
                assertSame(first, thrown);
                assertArrayEquals(new Throwable[] {later}, thrown.getSuppressed());
            }
        }
    }

    /** A thread that is interrupted cannot park before its flag is cleared. */
    @Test
    @Timeout(60)
    void anInterruptedCallerParksAndStaysInterrupted() {
        try (Workers workers = new Workers(2)) {
            AtomicReference<Thread> caller = new AtomicReference<>(Thread.currentThread());
            CountDownLatch begun = new CountDownLatch(2);
            Thread.currentThread().interrupt();
            workers.run(2, (slot, task) -> {
                begun.countDown();
                if (slot == 0) while (begun.getCount() > 0) Thread.onSpinWait();
                else awaitState(caller, Thread.State.TIMED_WAITING);
            });
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    @Timeout(60)
    void interruptedWorkersSleepAndGoOn() {
        Set<Thread> others = Set.copyOf(Thread.getAllStackTraces().keySet());
        try (Workers workers = new Workers(3)) {
            List<Thread> team = team(others);
            assertEquals(2, team.size());
            team.forEach(Thread::interrupt);
            for (Thread worker : team) awaitState(new AtomicReference<>(worker), Thread.State.WAITING);
            CountDownLatch awake = new CountDownLatch(3);
            workers.run(3, (slot, task) -> meet(awake));
        }
    }

    @Test
    void severalCallersShareATeam() throws Exception {
        try (Workers workers = new Workers(2);
                var callers = Executors.newFixedThreadPool(4)) {
            Callable<Long> call = () -> sum(workers, 1000);
            for (Future<Long> result : callers.invokeAll(Collections.nCopies(200, call))) {
                assertEquals(499_500, result.get());
            }
        }
    }

    @Test
    void aTaskMayStartTasks() {
        try (Workers workers = new Workers(3)) {
            AtomicIntegerArray sums = new AtomicIntegerArray(6);
            workers.run(6, (slot, task) -> sums.set(task, (int) sum(workers, 10)));
            for (int i = 0; i < 6; i++) assertEquals(45, sums.get(i));
        }
    }

    /** Each side waits for the other to have begun. */
    @Test
    @Timeout(60)
    void twoRunSideBySideTheFirstOnTheCaller() {
        try (Workers workers = new Workers(2)) {
            for (int round = 0; round < 100; round++) {
                CountDownLatch begun = new CountDownLatch(2);
                AtomicReference<Thread> mine = new AtomicReference<>(), other = new AtomicReference<>();
                workers.runBeside(
                        () -> {
                            mine.set(Thread.currentThread());
                            meet(begun);
                        },
                        () -> {
                            other.set(Thread.currentThread());
                            meet(begun);
                        });
                assertSame(Thread.currentThread(), mine.get());
                assertNotSame(Thread.currentThread(), other.get());
            }
        }
    }

    /** The tasks of the other side wait for a thread each, which the caller has to be one of. */
    @Test
    @Timeout(60)
    void theCallerHelpsTheOtherSide() {
        try (Workers workers = new Workers(2)) {
            for (int round = 0; round < 100; round++) {
                CountDownLatch begun = new CountDownLatch(2), together = new CountDownLatch(2);
                workers.runBeside(() -> meet(begun), () -> {
                    meet(begun);
                    workers.run(2, (slot, task) -> meet(together));
                });
                assertEquals(0, together.getCount());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void bothSidesEndBeforeWhatOneThrowsReachesTheCaller(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int round = 0; round < 100; round++) {
                IllegalStateException thrown = new IllegalStateException("mine");
                AtomicInteger running = new AtomicInteger();
                Runnable failing = () -> {
                    throw thrown;
                };
                Runnable working = () -> {
                    running.incrementAndGet();
                    Thread.yield();
                    running.decrementAndGet();
                };
                assertSame(thrown, assertThrows(RuntimeException.class, () -> workers.runBeside(failing, working)));
                assertSame(thrown, assertThrows(RuntimeException.class, () -> workers.runBeside(working, failing)));
                assertEquals(0, running.get());
            }
        }
    }

    @Test
    void afterCloseTheCallerWorksAlone() {
        Workers workers = new Workers(2);
        workers.close();
        workers.close();
        Thread caller = Thread.currentThread();
        workers.run(20, (slot, task) -> assertSame(caller, Thread.currentThread()));
    }

    @Test
    void thereIsAtLeastOneThread() {
        var e = assertThrows(IllegalArgumentException.class, () -> new Workers(0));
        assertTrue(e.getMessage().contains("expected at least 1, found 0"));
    }

    private static long sum(Workers workers, int tasks) {
        long[] sums = new long[workers.threads() * 16];
        workers.run(tasks, (slot, task) -> sums[slot * 16] += task);
        long total = 0;
        for (long sum : sums) total += sum;
        return total;
    }

    /** The workers that are not among {@code others}. */
    private static List<Thread> team(Set<Thread> others) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("bridgetower-worker-") && !others.contains(thread))
                .toList();
    }

    /** Waits until there is a thread and it is in a state, its interrupt flag clear. */
    private static void awaitState(AtomicReference<Thread> thread, Thread.State state) {
        long begin = System.nanoTime();
        while (thread.get() == null
                || thread.get().getState() != state
                || thread.get().isInterrupted()) {
            if (System.nanoTime() - begin > PATIENCE_NANOS) throw new AssertionError(thread + " is never " + state);
            Thread.onSpinWait();
        }
    }

    /** Waits until as many threads are here as the latch counts. */
    private static void meet(CountDownLatch arrived) {
        arrived.countDown();
        await(arrived);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
