package io.bridgetower.model.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.runtime.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ModelMemoryTest {
    private static final int CALLS = 2;

    private final ModelMemory memory = new ModelMemory(1, Precision.F32, CALLS);

    @Test
    void noMoreCallsComputeAtOnceThanAreAdmitted() throws Exception {
        AtomicInteger running = new AtomicInteger(), most = new AtomicInteger();
        List<Caller<Integer>> callers = new ArrayList<>();
        CountDownLatch full = new CountDownLatch(CALLS);
        for (int i = 0; i < 20; i++) {
            callers.add(new Caller<>(() -> run(memory, workspace -> {
                int now = running.incrementAndGet();
                most.accumulateAndGet(now, Math::max);
                full.countDown();
                await(full);
                Thread.yield();
                return running.decrementAndGet();
            })));
        }
        for (Caller<Integer> caller : callers) caller.get();
        assertEquals(CALLS, most.get());
        memory.close();
    }

    @Test
    void callersWaitInTheOrderInWhichTheyCame() throws Exception {
        ModelMemory one = new ModelMemory(1, Precision.F32, 1);
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<Caller<Boolean>> callers = new ArrayList<>();
        one.whenIdle(() -> {
            for (int i = 0; i < 10; i++) {
                int number = i;
                callers.add(new Caller<>(() -> run(one, workspace -> order.add(number))));
                callers.getLast().awaitWaiting();
            }
        });
        for (Caller<Boolean> caller : callers) caller.get();
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), order);
        one.close();
    }

    /** A thread whose interrupt flag is set cannot wait: it is cleared until the call returns. */
    @Test
    void anInterruptedCallerWaitsComputesAndStaysInterrupted() throws Exception {
        List<Caller<Boolean>> callers = new ArrayList<>();
        memory.whenIdle(() -> {
            callers.add(new Caller<>(() -> {
                Thread.currentThread().interrupt();
                boolean during = run(memory, workspace -> true);
                return during && Thread.interrupted();
            }));
            callers.add(new Caller<>(() -> run(memory, workspace -> true) && Thread.interrupted()));
            for (Caller<Boolean> caller : callers) caller.awaitWaiting();
            callers.getLast().thread.interrupt();
            for (Caller<Boolean> caller : callers) caller.awaitWaiting();
        });
        for (Caller<Boolean> caller : callers) assertTrue(caller.get());
        memory.close();
    }

    @Test
    void closingWaitsForRunningCallsAndEndsThoseThatWait() throws Exception {
        CountDownLatch begun = new CountDownLatch(CALLS), end = new CountDownLatch(1);
        List<Caller<Boolean>> running = new ArrayList<>(), waiting = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            running.add(new Caller<>(() -> run(memory, workspace -> {
                begun.countDown();
                await(end);
                return workspace.matrix(10, 10).rows() == 10;
            })));
        }
        await(begun);
        for (int i = 0; i < 5; i++) {
            waiting.add(new Caller<>(() -> {
                assertThrows(IllegalStateException.class, () -> run(memory, workspace -> true));
                return true;
            }));
            waiting.getLast().awaitWaiting();
        }
        Caller<Boolean> closing = new Caller<>(() -> {
            memory.close();
            return true;
        });
        closing.awaitWaiting();
        assertFalse(running.getFirst().isDone());
        end.countDown();
        for (Caller<Boolean> caller : running) assertTrue(caller.get());
        for (Caller<Boolean> caller : waiting) assertTrue(caller.get());
        assertTrue(closing.get());
        memory.close();
        assertEquals(0, memory.runner().byteSize());
        assertThrows(IllegalStateException.class, () -> run(memory, workspace -> true));
    }

    private static <T> T run(ModelMemory memory, Function<Workspace, T> call) {
        try (var computation = memory.begin()) {
            return call.apply(computation.workspace());
        }
    }

    /** A thread that is in a call. */
    private static final class Caller<T> extends FutureTask<T> {
        private final Thread thread = new Thread(this);

        Caller(Callable<T> call) {
            super(call);
            thread.start();
        }

        /** Waits until the thread waits, its interrupt flag clear. */
        void awaitWaiting() {
            while (thread.getState() != Thread.State.WAITING || thread.isInterrupted()) {
                if (isDone() || Thread.currentThread().isInterrupted()) throw new AssertionError("does not wait");
                Thread.onSpinWait();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
