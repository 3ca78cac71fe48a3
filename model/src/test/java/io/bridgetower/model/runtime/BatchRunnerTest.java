package io.bridgetower.model.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.runtime.Workspace;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchRunnerTest {
    /** Rows of a cache line that take one megabyte. */
    private static final int MEGABYTE = (1 << 20) / 64;

    /** What a group was called with. */
    private record Run(int first, int count, int threads) {}

    @ParameterizedTest
    @CsvSource({"1, 8, 4, 2", "2, 8, 4, 2", "2, 9, 4, 3", "2, 33, 4, 10", "2, 3, 4, 1", "3, 100, 32, 6", "8, 8, 32, 1"})
    void groupsAreFewAndAlike(int threads, int items, int largest, int groups) {
        try (BatchRunner runner = new BatchRunner(threads)) {
            List<Run> runs = new CopyOnWriteArrayList<>();
            Workspace workspace = runner.lease();
            runner.run(
                    workspace,
                    items,
                    largest,
                    (own, first, count) ->
                            runs.add(new Run(first, count, own.workers().threads())));
            runner.giveBack(workspace);
            assertEquals(groups, runs.size());
            int[] seen = new int[items];
            for (Run run : runs) {
                assertTrue(run.count <= largest && run.count >= items / groups && run.count <= items / groups + 1);
                assertEquals(runner.byItem(items) ? 1 : threads, run.threads);
                for (int i = 0; i < run.count; i++) seen[run.first + i]++;
            }
            for (int i = 0; i < items; i++) assertEquals(1, seen[i], "item " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 32, 1, 4, 32", "2, 8, 1, 4, 2", "2, 7, 1, 4, 2", "4, 8, 1, 4, 2", "4, 64, 1, 4, 64"})
    void aTeamTakesLargerGroupsThanAThread(int threads, int items, int ofThread, int ofTeam, int groups) {
        try (BatchRunner runner = new BatchRunner(threads)) {
            AtomicInteger runs = new AtomicInteger();
            Workspace workspace = runner.lease();
            runner.run(workspace, items, ofThread, ofTeam, (own, first, count) -> runs.incrementAndGet());
            runner.giveBack(workspace);
            assertEquals(groups, runs.get());
        }
    }

    /** Each side waits for the other. */
    @Test
    @Timeout(60)
    void aCallAloneRunsItsSidesAtTheSameTime() {
        try (BatchRunner runner = new BatchRunner(2)) {
            CountDownLatch begun = new CountDownLatch(2);
            Workspace workspace = runner.lease();
            runner.sideBySide(
                    workspace,
                    own -> {
                        assertSame(workspace, own);
                        meet(begun);
                    },
                    own -> {
                        assertNotSame(workspace, own);
                        meet(begun);
                    });
            runner.giveBack(workspace);
            assertEquals(0, begun.getCount());
        }
    }

    @Test
    void asManyCallsAsThreadsRunTheirsOneAfterTheOther() {
        try (BatchRunner runner = new BatchRunner(2)) {
            Workspace workspace = runner.lease(), ofAnother = runner.lease();
            List<Thread> threads = new CopyOnWriteArrayList<>();
            List<Workspace> workspaces = new CopyOnWriteArrayList<>();
            for (int side = 0; side < 2; side++) {
                runner.sideBySide(workspace, own -> workspaces.add(own), own -> {
                    workspaces.add(own);
                    threads.add(Thread.currentThread());
                });
            }
            for (Workspace own : workspaces) assertSame(workspace, own);
            for (Thread thread : threads) assertSame(Thread.currentThread(), thread);
            assertEquals(4, workspaces.size());
            runner.giveBack(workspace);
            runner.giveBack(ofAnother);
        }
    }

    @Test
    void aWorkspaceIsCountedWhileItIsUsedAndTakenAgainFirst() {
        BatchRunner runner = new BatchRunner(2);
        Workspace first = runner.lease(), second = runner.lease();
        first.matrix(MEGABYTE, 1);
        assertEquals(first.byteSize(), runner.byteSize());
        second.matrix(MEGABYTE, 1);
        runner.giveBack(first);
        runner.giveBack(second);
        assertEquals(first.byteSize() + second.byteSize(), runner.byteSize());
        for (int i = 0; i < 3; i++) {
            assertSame(second, runner.lease());
            runner.giveBack(second);
        }
        runner.trim();
        assertEquals(0, runner.byteSize());
        runner.close();
    }

    @Test
    void closingFreesTheWorkspacesOfEveryKind() {
        BatchRunner runner = new BatchRunner(2);
        Workspace workspace = runner.lease();
        Set<Workspace> used = ConcurrentHashMap.newKeySet();
        used.add(workspace);
        workspace.matrix(10, 10);
        runner.sideBySide(workspace, own -> {}, own -> {
            own.matrix(10, 10);
            used.add(own);
        });
        runner.run(workspace, 32, 1, (own, first, count) -> {
            own.matrix(10, 10);
            used.add(own);
        });
        runner.giveBack(workspace);
        assertTrue(used.size() >= 3);
        assertEquals(used.stream().mapToLong(Workspace::byteSize).sum(), runner.byteSize());
        runner.close();
        assertEquals(0, runner.byteSize());
        for (Workspace one : used) assertEquals(0, one.byteSize());
    }

    /** All idle workspaces have grown; small calls come one after another and use only one of them. */
    @Test
    void whatOneHugeCallNeededIsFreedAfterManySmallOnes() {
        try (BatchRunner runner = new BatchRunner(1)) {
            Workspace huge = runner.lease(), small = runner.lease();
            for (int i = 0; i < 100; i++) huge.matrix(MEGABYTE, 1);
            small.matrix(MEGABYTE, 1);
            runner.giveBack(huge);
            runner.giveBack(small);
            long held = runner.byteSize();
            assertTrue(held >= 100 << 20, held + " bytes");
            for (int i = 0; i < 64; i++) {
                Workspace workspace = runner.lease();
                workspace.matrix(MEGABYTE / 8, 1);
                runner.giveBack(workspace);
            }
            long kept = runner.byteSize();
            assertTrue(kept < held / 10, kept + " bytes of " + held);
        }
    }

    @Test
    void callsThatNeedMuchNowAndThenKeepTheirMemory() {
        try (BatchRunner runner = new BatchRunner(1)) {
            long held = 0;
            for (int i = 0; i < 200; i++) {
                Workspace workspace = runner.lease();
                workspace.matrix(i % 30 == 0 ? 20 * MEGABYTE : 1, 1);
                runner.giveBack(workspace);
                if (i == 0) held = runner.byteSize();
                assertEquals(held, runner.byteSize());
            }
        }
    }

    private static void meet(CountDownLatch begun) {
        begun.countDown();
        try {
            assertTrue(begun.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
