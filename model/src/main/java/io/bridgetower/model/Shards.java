package io.bridgetower.model;

import io.bridgetower.engine.Workers;
import io.bridgetower.engine.Workspace;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The threads of a model and the workspaces of the calls that run on them.
 *
 * <p>A batch is computed in groups of consecutive items. Where there are enough items, every thread takes whole groups;
 * otherwise groups run one after the other with the team inside their operators. Results have the same bits both ways.
 */
final class Shards implements AutoCloseable {
    /** From this many groups per thread on, a thread that ends early matters less than what splitting operators costs. */
    private static final int ENOUGH_GROUPS = 4;

    /** Computes one group. */
    @FunctionalInterface
    interface Group {
        void run(Workspace workspace, int first, int count);
    }

    private final Workers team;
    private final Queue<Workspace> ofTeam = new ConcurrentLinkedQueue<>();
    private final Queue<Workspace> ofOneThread = new ConcurrentLinkedQueue<>();

    Shards(int threads) {
        team = new Workers(threads);
    }

    Workers team() {
        return team;
    }

    /** A workspace for one call. It grows by what the call needs and is kept for later calls. */
    Workspace lease() {
        Workspace workspace = ofTeam.poll();
        return workspace != null ? workspace : new Workspace(team);
    }

    /** Hands a workspace back, whatever is still on it. */
    void giveBack(Workspace workspace) {
        workspace.release(0);
        ofTeam.add(workspace);
    }

    /**
     * Computes {@code items} items in groups of at most {@code largest}.
     *
     * @param workspace of the call
     */
    void run(Workspace workspace, int items, int largest, Group group) {
        if (items == 0) return;
        int threads = team.threads();
        boolean byItem = threads > 1 && (items % threads == 0 || items >= ENOUGH_GROUPS * threads);
        int size = byItem ? Math.clamp(items / (ENOUGH_GROUPS * threads), 1, largest) : largest;
        int groups = (items + size - 1) / size;
        if (!byItem) {
            for (int i = 0; i < groups; i++) group.run(workspace, i * size, Math.min(size, items - i * size));
            return;
        }
        team.run(groups, (slot, i) -> {
            Workspace own = ofOneThread.poll();
            if (own == null) own = new Workspace(Workers.CALLER);
            try {
                group.run(own, i * size, Math.min(size, items - i * size));
            } finally {
                own.release(0);
                ofOneThread.add(own);
            }
        });
    }

    /** Bytes that the workspaces hold. */
    long byteSize() {
        long bytes = 0;
        for (Workspace workspace : ofTeam) bytes += workspace.byteSize();
        for (Workspace workspace : ofOneThread) bytes += workspace.byteSize();
        return bytes;
    }

    /** Ends the threads and frees the workspaces; no call may be running. */
    @Override
    public void close() {
        team.close();
        ofTeam.forEach(Workspace::close);
        ofOneThread.forEach(Workspace::close);
    }
}
