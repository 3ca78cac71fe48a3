package io.bridgetower.model;

import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.SlabArena;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.layers.Trunk;
import io.bridgetower.model.runtime.ModelMemory;
import io.bridgetower.model.runtime.Parameters;
import java.io.IOException;
import java.lang.foreign.Arena;

/**
 * What the models with a head have in common: a trunk, which may be theirs or shared, an arena for the
 * head's weights, and a lifetime.
 *
 * @param <P> the head's parameters
 */
final class Head<P> implements AutoCloseable {
    /** Loads the parameters of a head. */
    @FunctionalInterface
    interface Loader<P> {
        P load(Parameters heads, BridgeTowerConfig config) throws IOException;
    }

    private final BridgeTowerModel model;
    private final boolean ownsModel;
    private final Arena arena = new SlabArena();
    private final P parameters;
    private final ModelIdentity identity;

    /** Set before the calls that are running have ended. */
    private volatile boolean closed;

    /**
     * @param ownsModel whether closing the head closes the model
     * @param identity of the model with this head
     */
    Head(Checkpoint checkpoint, BridgeTowerModel model, boolean ownsModel, ModelIdentity identity, Loader<P> loader)
            throws IOException {
        this.model = model;
        this.ownsModel = ownsModel;
        this.identity = identity;
        try {
            Parameters heads = model.memory().parameters(checkpoint.heads(), arena);
            parameters = loader.load(heads, model.config());
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** Makes a model with a head on its own trunk. */
    @FunctionalInterface
    interface OnTrunk<M> {
        M make(BridgeTowerModel trunk) throws IOException;
    }

    /** Loads a trunk and a model with a head on it, or neither. */
    static <M> M withTrunk(Checkpoint checkpoint, ModelOptions options, OnTrunk<M> maker) throws IOException {
        BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options);
        try {
            return maker.make(trunk);
        } catch (IOException | RuntimeException | Error e) {
            trunk.close();
            throw e;
        }
    }

    BridgeTowerModel model() {
        return model;
    }

    /** That of the trunk and this head; throws as {@link BridgeTowerModel#fingerprint}. */
    String fingerprint() {
        return identity.fingerprint();
    }

    P parameters() {
        return parameters;
    }

    /**
     * Begins a computation, during which neither the model nor the head can be closed.
     *
     * @throws IllegalStateException if one of them is closed
     */
    ModelMemory.Computation begin() {
        ModelMemory.Computation computation = model.memory().begin();
        if (closed) {
            computation.close();
            throw new IllegalStateException("the model is closed");
        }
        return computation;
    }

    /** Pooled text and image of every pair, computing nothing that they do not need; on the workspace. */
    Matrix pooled(Workspace workspace, TextBatch batch, ImageInputs images) {
        Trunk trunk = model.trunk();
        return trunk.pooled(workspace, trunk.encode(workspace, batch, images, null));
    }

    @Override
    public void close() {
        closed = true;
        if (ownsModel) model.close();
        model.memory().whenIdle(() -> {
            if (arena.scope().isAlive()) arena.close();
        });
    }
}
