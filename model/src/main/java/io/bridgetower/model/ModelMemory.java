package io.bridgetower.model;

import io.bridgetower.engine.SlabArena;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.Workspace;
import io.bridgetower.model.checkpoint.Weights;
import java.lang.foreign.Arena;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/** What a loaded model owns: the memory of its weights, its threads and its workspaces; and when they end. */
final class ModelMemory implements AutoCloseable {
    private final Arena arena = new SlabArena();
    private final Shards shards;
    private final WeightPrecision precision;
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;

    ModelMemory(ModelOptions options) {
        shards = new Shards(options.threads());
        precision = options.weights();
    }

    /** Parameters that are packed into this memory. */
    Parameters parameters(Weights weights) {
        return parameters(weights, arena);
    }

    /** Parameters of a head, that are packed as the model's are but into memory of its own. */
    Parameters parameters(Weights weights, Arena owner) {
        return new Parameters(weights, owner, shards.team(), precision);
    }

    WeightPrecision precision() {
        return precision;
    }

    Shards shards() {
        return shards;
    }

    /**
     * Computes with a workspace while nobody can close the model.
     *
     * @throws IllegalStateException if it is closed
     */
    <T> T run(Function<Workspace, T> computation) {
        lifetime.readLock().lock();
        try {
            if (closed) throw new IllegalStateException("the model is closed");
            Workspace workspace = shards.lease();
            try {
                return computation.apply(workspace);
            } finally {
                shards.giveBack(workspace);
            }
        } finally {
            lifetime.readLock().unlock();
        }
    }

    /** Acts while no computation is running. */
    void whenIdle(Runnable action) {
        lifetime.writeLock().lock();
        try {
            action.run();
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    /** Frees everything, after computations that are running have ended. Closing again does nothing. */
    @Override
    public void close() {
        whenIdle(() -> {
            if (closed) return;
            closed = true;
            shards.close();
            arena.close();
        });
    }
}
