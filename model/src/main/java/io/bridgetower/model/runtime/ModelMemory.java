package io.bridgetower.model.runtime;

import io.bridgetower.engine.VectorModule;
import io.bridgetower.engine.runtime.SlabArena;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.checkpoint.Weights;
import java.lang.foreign.Arena;
import java.util.concurrent.Semaphore;

/**
 * What a loaded model owns: the memory of its weights, its threads and its workspaces; and when they end.
 *
 * <p>A bounded number of calls compute at once. The others wait in the order in which
 * they came; neither waiting nor computing can be interrupted.
 */
public final class ModelMemory implements AutoCloseable {
    private final Arena arena = new SlabArena();
    private final BatchRunner runner;
    private final Precision precision;
    private final int maxCalls;
    private final Semaphore calls;

    /** Set before the calls that are running have ended. */
    private volatile boolean closed;

    /** Throws as {@link VectorModule#require}. */
    public ModelMemory(int threads, Precision precision, int maxConcurrentCalls) {
        VectorModule.require();
        runner = new BatchRunner(threads);
        this.precision = precision;
        maxCalls = maxConcurrentCalls;
        calls = new Semaphore(maxCalls, true);
    }

    /** Parameters that are packed into this memory. */
    public Parameters parameters(Weights weights) {
        return parameters(weights, arena);
    }

    /** Parameters of a head, that are packed as the model's are but into its own memory. */
    public Parameters parameters(Weights weights, Arena owner) {
        return new Parameters(weights, owner, runner.team(), precision);
    }

    /** How matrices are held and multiplied. */
    public Precision precision() {
        return precision;
    }

    public BatchRunner runner() {
        return runner;
    }

    /**
     * Begins a computation, after calls that came before.
     *
     * @throws IllegalStateException if the model is closed, or is being closed while this call waits
     */
    public Computation begin() {
        return begin(false);
    }

    /** As {@link #begin}, on the calling thread alone, as each thread computes its part of a large batch. */
    public Computation beginOnOneThread() {
        return begin(true);
    }

    private Computation begin(boolean onOneThread) {
        calls.acquireUninterruptibly();
        try {
            checkOpen();
            return new Computation(runner.lease(onOneThread));
        } catch (RuntimeException | Error e) {
            calls.release();
            throw e;
        }
    }

    /** A workspace, during whose use the model cannot be closed. For one thread. */
    public final class Computation implements AutoCloseable {
        private final Workspace workspace;

        private Computation(Workspace workspace) {
            this.workspace = workspace;
        }

        public Workspace workspace() {
            return workspace;
        }

        /** Ends the computation; what is on the workspace is lost. To be called once. */
        @Override
        public void close() {
            try {
                runner.giveBack(workspace);
            } finally {
                calls.release();
            }
        }
    }

    /** @throws IllegalStateException if the model is closed, or is being closed */
    public void checkOpen() {
        if (closed) throw new IllegalStateException("the model is closed");
    }

    /** Acts while no computation is running, after calls that came before. */
    public void whenIdle(Runnable action) {
        calls.acquireUninterruptibly(maxCalls);
        try {
            action.run();
        } finally {
            calls.release(maxCalls);
        }
    }

    /**
     * Frees everything, after computations that are running have ended; calls that wait throw {@link
     * IllegalStateException}. Closing again does nothing.
     */
    @Override
    public void close() {
        closed = true;
        whenIdle(() -> {
            if (!arena.scope().isAlive()) return;
            runner.close();
            arena.close();
        });
    }
}
