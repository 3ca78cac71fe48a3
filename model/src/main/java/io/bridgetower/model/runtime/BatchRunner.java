package io.bridgetower.model.runtime;

import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The threads of a model and the workspaces of the calls that run on them.
 *
 * <p>A batch is computed in groups of consecutive items. Where there are enough items, every thread takes whole groups;
 * otherwise groups run one after the other with the team inside their operators. Then what is independent runs side by side:
 * the operators of a short text are too small to share out, and wait for memory while those of an image compute. Results
 * have the same bits all ways.
 *
 * <p>There are as many workspaces as computations have run at once. Each keeps the most memory that it has needed. After
 * every {@value #PERIOD} calls, those that hold more than twice what any of these calls has needed are trimmed to that.
 */
public final class BatchRunner implements AutoCloseable {
    /**
     * From this many items per thread on, a thread that ends early matters less than what splitting operators costs. With
     * fewer, all wait for the slowest, and of several processors one often has a busy neighbour: see "Threads" in
     * docs/performance.md.
     */
    private static final int ENOUGH_ITEMS = 16;

    /** Taking memory again that was freed once in so many calls costs little compared with computing them. */
    private static final int PERIOD = 32;

    /** Computes one group. */
    @FunctionalInterface
    public interface Group {
        void run(Workspace workspace, int first, int count);
    }

    private final Workers team;
    private final WorkspacePool ofTeam;
    private final WorkspacePool ofOneThread = new WorkspacePool(Workers.CALLER);

    /** Of the smaller one of two computations side by side, apart from the others as they stay small. */
    private final WorkspacePool beside;

    private final List<WorkspacePool> pools;
    private final AtomicInteger calls = new AtomicInteger();

    BatchRunner(int threads) {
        team = new Workers(threads);
        ofTeam = new WorkspacePool(team);
        beside = new WorkspacePool(team);
        pools = List.of(ofTeam, ofOneThread, beside);
    }

    Workers team() {
        return team;
    }

    /** A workspace for one call. It grows by what the call needs and is kept for later calls. */
    Workspace lease() {
        return lease(false);
    }

    /** As {@link #lease()}, for a call that leaves the team out or does not. */
    Workspace lease(boolean onOneThread) {
        Workspace workspace = (onOneThread ? ofOneThread : ofTeam).take();
        team.begin();
        return workspace;
    }

    /** Hands the workspace of a call back, whatever is still on it. */
    void giveBack(Workspace workspace) {
        (workspace.workers() == team ? ofTeam : ofOneThread).giveBack(workspace);
        team.end();
        if (calls.incrementAndGet() % PERIOD == 0) pools.forEach(WorkspacePool::nextPeriod);
    }

    /**
     * Computes {@code items} items in groups, as few as can be: the items of a group read the weights together.
     *
     * @param workspace of the call
     * @param largest items of a group at the most
     */
    public void run(Workspace workspace, int items, int largest, Group group) {
        run(workspace, items, largest, largest, group);
    }

    /**
     * As {@link #run(Workspace, int, int, Group)}.
     *
     * @param ofThread items of a group at the most where one thread computes it
     * @param ofTeam the same where the team is inside its operators
     */
    public void run(Workspace workspace, int items, int ofThread, int ofTeam, Group group) {
        if (items == 0) return;
        if (!byItem(items)) {
            int groups = Math.ceilDiv(items, ofTeam);
            for (int i = 0; i < groups; i++) runGroup(workspace, items, groups, i, group);
            return;
        }
        int least = Math.ceilDiv(items, ofThread), threads = team.threads();
        int groups = Math.min(items, Math.ceilDiv(least, threads) * threads);
        team.run(groups, (slot, i) -> {
            Workspace own = ofOneThread.take();
            try {
                runGroup(own, items, groups, i, group);
            } finally {
                ofOneThread.giveBack(own);
            }
        });
    }

    private static void runGroup(Workspace workspace, int items, int groups, int index, Group group) {
        int size = items / groups, larger = items % groups;
        group.run(workspace, index * size + Math.min(index, larger), index < larger ? size + 1 : size);
    }

    /** Whether every thread takes whole groups of so many items. */
    public boolean byItem(int items) {
        int threads = team.threads();
        return threads > 1 && items >= ENOUGH_ITEMS * threads;
    }

    /**
     * Runs two computations that do not depend on each other, at the same time if the team is inside their operators and
     * there are fewer calls than threads: one side of a call would otherwise wait for a thread that has other work.
     *
     * @param workspace of the call; the first one's, and the second one's too if they run one after the other
     * @param first the larger one; stays on the calling thread
     * @param second leaves nothing on its workspace
     */
    public void sideBySide(Workspace workspace, Consumer<Workspace> first, Consumer<Workspace> second) {
        if (team.computations() >= workspace.workers().threads()) {
            first.accept(workspace);
            second.accept(workspace);
            return;
        }
        Workspace other = beside.take();
        try {
            team.runBeside(() -> first.accept(workspace), () -> second.accept(other));
        } finally {
            beside.giveBack(other);
        }
    }

    /** Bytes that the workspaces hold, those of running calls included. */
    public long byteSize() {
        return pools.stream().mapToLong(WorkspacePool::byteSize).sum();
    }

    /** Frees the workspaces that no call uses. */
    public void trim() {
        pools.forEach(WorkspacePool::trim);
    }

    /** Ends the threads and frees the workspaces; no call may be running. */
    @Override
    public void close() {
        team.close();
        pools.forEach(WorkspacePool::close);
    }
}
