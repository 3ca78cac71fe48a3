package io.bridgetower.model;

import io.bridgetower.engine.SlabArena;
import io.bridgetower.engine.VectorModule;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.Workspace;
import io.bridgetower.model.checkpoint.Weights;
import java.lang.foreign.Arena;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * What a loaded model owns: the memory of its weights, its threads and its workspaces; and when they end.
 *
 * <p>As many calls compute at once as {@link ModelOptions#maxConcurrentCalls} says. The others wait in the order in which
 * they came; neither waiting nor computing can be interrupted.
 */
final class ModelMemory implements AutoCloseable {
    private final Arena arena = new SlabArena();
    private final Shards shards;
    private final WeightPrecision precision;
    private final int maxCalls;
    private final Semaphore calls;

    /** Set before the calls that are running have ended. */
    private volatile boolean closed;

    /** Throws as {@link VectorModule#require}. */
    ModelMemory(ModelOptions options) {
        VectorModule.require();
        shards = new Shards(options.threads());
        precision = options.weights();
        maxCalls = options.maxConcurrentCalls();
        calls = new Semaphore(maxCalls, true);
    }

    /** Parameters that are packed into this memory. */
    Parameters parameters(Weights weights) {
        return parameters(weights, arena);
    }

    /** Parameters of a head, that are packed as the model's are but into memory of its own. */
    Parameters parameters(Weights weights, Arena owner) {
        return new Parameters(weights, owner, shards.team(), precision);
    }

    /** How matrices are held. */
    WeightPrecision precision() {
        return precision;
    }

    Shards shards() {
        return shards;
    }

    /**
     * Computes with a workspace, after calls that came before, while nobody can close the model.
     *
     * @throws IllegalStateException if the model is closed, or is being closed while this call waits
     */
    <T> T run(Function<Workspace, T> computation) {
        return run(computation, false);
    }

    /** As {@link #run}, on the calling thread alone, as each thread computes its part of a large batch. */
    <T> T runOnOneThread(Function<Workspace, T> computation) {
        return run(computation, true);
    }

    private <T> T run(Function<Workspace, T> computation, boolean onOneThread) {
        calls.acquireUninterruptibly();
        try {
            checkOpen();
            Workspace workspace = shards.lease(onOneThread);
            try {
                return computation.apply(workspace);
            } finally {
                shards.giveBack(workspace);
            }
        } finally {
            calls.release();
        }
    }

    /** @throws IllegalStateException if the model is closed, or is being closed */
    void checkOpen() {
        if (closed) throw new IllegalStateException("the model is closed");
    }

    /** Acts while no computation is running, after calls that came before. */
    void whenIdle(Runnable action) {
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
            shards.close();
            arena.close();
        });
    }
}
