package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Workspace;
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

class ShardsTest {
    /** Rows of a cache line that take one megabyte. */
    private static final int MEGABYTE = (1 << 20) / 64;

    /** What a group was called with. */
    private record Run(int first, int count, int threads) {}

    @ParameterizedTest
    @CsvSource({"1, 8, 4, 2", "2, 8, 4, 2", "2, 9, 4, 3", "2, 33, 4, 10", "2, 3, 4, 1", "3, 100, 32, 6", "8, 8, 32, 1"})
    void groupsAreFewAndAlike(int threads, int items, int largest, int groups) {
        try (Shards shards = new Shards(threads)) {
            List<Run> runs = new CopyOnWriteArrayList<>();
            Workspace workspace = shards.lease();
            shards.run(
                    workspace,
                    items,
                    largest,
                    (own, first, count) ->
                            runs.add(new Run(first, count, own.workers().threads())));
            shards.giveBack(workspace);
            assertEquals(groups, runs.size());
            int[] seen = new int[items];
            for (Run run : runs) {
                assertTrue(run.count <= largest && run.count >= items / groups && run.count <= items / groups + 1);
                assertEquals(shards.byItem(items) ? 1 : threads, run.threads);
                for (int i = 0; i < run.count; i++) seen[run.first + i]++;
            }
            for (int i = 0; i < items; i++) assertEquals(1, seen[i], "item " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 8, 1, 4, 8", "2, 7, 1, 4, 2", "4, 8, 1, 4, 2", "4, 64, 1, 4, 64"})
    void aTeamTakesLargerGroupsThanAThread(int threads, int items, int ofThread, int ofTeam, int groups) {
        try (Shards shards = new Shards(threads)) {
            AtomicInteger runs = new AtomicInteger();
            Workspace workspace = shards.lease();
            shards.run(workspace, items, ofThread, ofTeam, (own, first, count) -> runs.incrementAndGet());
            shards.giveBack(workspace);
            assertEquals(groups, runs.get());
        }
    }

    /** Each side waits for the other. */
    @Test
    @Timeout(60)
    void aCallAloneRunsItsSidesAtTheSameTime() {
        try (Shards shards = new Shards(2)) {
            CountDownLatch begun = new CountDownLatch(2);
            Workspace workspace = shards.lease();
            shards.sideBySide(
                    workspace,
                    own -> {
                        assertSame(workspace, own);
                        meet(begun);
                    },
                    own -> {
                        assertNotSame(workspace, own);
                        meet(begun);
                    });
            shards.giveBack(workspace);
            assertEquals(0, begun.getCount());
        }
    }

    @Test
    void asManyCallsAsThreadsRunTheirsOneAfterTheOther() {
        try (Shards shards = new Shards(2)) {
            Workspace workspace = shards.lease(), ofAnother = shards.lease();
            List<Thread> threads = new CopyOnWriteArrayList<>();
            List<Workspace> workspaces = new CopyOnWriteArrayList<>();
            for (int side = 0; side < 2; side++) {
                shards.sideBySide(workspace, own -> workspaces.add(own), own -> {
                    workspaces.add(own);
                    threads.add(Thread.currentThread());
                });
            }
            for (Workspace own : workspaces) assertSame(workspace, own);
            for (Thread thread : threads) assertSame(Thread.currentThread(), thread);
            assertEquals(4, workspaces.size());
            shards.giveBack(workspace);
            shards.giveBack(ofAnother);
        }
    }

    @Test
    void aWorkspaceIsCountedWhileItIsUsedAndTakenAgainFirst() {
        Shards shards = new Shards(2);
        Workspace first = shards.lease(), second = shards.lease();
        first.matrix(MEGABYTE, 1);
        assertEquals(first.byteSize(), shards.byteSize());
        second.matrix(MEGABYTE, 1);
        shards.giveBack(first);
        shards.giveBack(second);
        assertEquals(first.byteSize() + second.byteSize(), shards.byteSize());
        for (int i = 0; i < 3; i++) {
            assertSame(second, shards.lease());
            shards.giveBack(second);
        }
        shards.trim();
        assertEquals(0, shards.byteSize());
        shards.close();
    }

    @Test
    void closingFreesTheWorkspacesOfEveryKind() {
        Shards shards = new Shards(2);
        Workspace workspace = shards.lease();
        Set<Workspace> used = ConcurrentHashMap.newKeySet();
        used.add(workspace);
        workspace.matrix(10, 10);
        shards.sideBySide(workspace, own -> {}, own -> {
            own.matrix(10, 10);
            used.add(own);
        });
        shards.run(workspace, 4, 1, (own, first, count) -> {
            own.matrix(10, 10);
            used.add(own);
        });
        shards.giveBack(workspace);
        assertTrue(used.size() >= 3);
        assertEquals(used.stream().mapToLong(Workspace::byteSize).sum(), shards.byteSize());
        shards.close();
        assertEquals(0, shards.byteSize());
        for (Workspace one : used) assertEquals(0, one.byteSize());
    }

    /** All idle workspaces have grown; small calls come one after another and use only one of them. */
    @Test
    void whatOneHugeCallNeededIsFreedAfterManySmallOnes() {
        try (Shards shards = new Shards(1)) {
            Workspace huge = shards.lease(), small = shards.lease();
            for (int i = 0; i < 100; i++) huge.matrix(MEGABYTE, 1);
            small.matrix(MEGABYTE, 1);
            shards.giveBack(huge);
            shards.giveBack(small);
            long held = shards.byteSize();
            assertTrue(held >= 100 << 20, held + " bytes");
            for (int i = 0; i < 64; i++) {
                Workspace workspace = shards.lease();
                workspace.matrix(MEGABYTE / 8, 1);
                shards.giveBack(workspace);
            }
            long kept = shards.byteSize();
            assertTrue(kept < held / 10, kept + " bytes of " + held);
        }
    }

    @Test
    void callsThatNeedMuchNowAndThenKeepTheirMemory() {
        try (Shards shards = new Shards(1)) {
            long held = 0;
            for (int i = 0; i < 200; i++) {
                Workspace workspace = shards.lease();
                workspace.matrix(i % 30 == 0 ? 20 * MEGABYTE : 1, 1);
                shards.giveBack(workspace);
                if (i == 0) held = shards.byteSize();
                assertEquals(held, shards.byteSize());
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
