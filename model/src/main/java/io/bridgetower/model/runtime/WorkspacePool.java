package io.bridgetower.model.runtime;

import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The workspaces of one kind of computations. There are as many as have ever been in use at once. The one that was given
 * back last is taken first: its memory is the most likely to be in the caches, and others need not grow.
 *
 * <p>Safe for use by several threads.
 */
final class WorkspacePool implements AutoCloseable {
    /** An idle workspace that is more than so many times as large as needed is trimmed. */
    private static final int TRIM_FACTOR = 2;

    private final Workers workers;
    private final List<Workspace> all = new ArrayList<>();
    private final Deque<Workspace> idle = new ArrayDeque<>();

    /** The most bytes that a computation has needed in this period. */
    private long need;

    /** @param workers of the workspaces */
    WorkspacePool(Workers workers) {
        this.workers = workers;
    }

    /** A workspace for one computation. It grows by what that needs. */
    synchronized Workspace take() {
        Workspace workspace = idle.poll();
        if (workspace == null) {
            workspace = new Workspace(workers);
            all.add(workspace);
        }
        return workspace;
    }

    /** Takes a workspace back, whatever is still on it. */
    void giveBack(Workspace workspace) {
        long peak = workspace.peak();
        workspace.reset();
        synchronized (this) {
            need = Math.max(need, peak);
            idle.push(workspace);
        }
    }

    /** Frees what idle workspaces hold far beyond the needs of this period, and begins another. */
    synchronized void nextPeriod() {
        for (Workspace workspace : idle) {
            if (workspace.capacity() > TRIM_FACTOR * need) workspace.trim(need);
        }
        need = 0;
    }

    /** Frees what idle workspaces hold. */
    synchronized void trim() {
        for (Workspace workspace : idle) workspace.close();
        all.removeAll(idle);
        idle.clear();
    }

    /** Bytes that the workspaces hold, idle ones and those in use. */
    synchronized long byteSize() {
        return all.stream().mapToLong(Workspace::byteSize).sum();
    }

    /** Frees all workspaces, none of which may be in use. */
    @Override
    public void close() {
        trim();
    }
}
