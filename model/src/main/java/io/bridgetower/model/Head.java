package io.bridgetower.model;

import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.SlabArena;
import io.bridgetower.engine.Workspace;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What the models with a head have in common: a trunk, which may be theirs or shared, memory of their own, and an end.
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
    private boolean closed;

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

    /** Makes a model with a head on a trunk of its own. */
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

    /** Computes with a workspace of the model while nobody can close it or the head. */
    <T> T run(Function<Workspace, T> computation) {
        return model.memory().run(workspace -> {
            if (closed) throw new IllegalStateException("the model is closed");
            return computation.apply(workspace);
        });
    }

    /** Pooled text and image of every pair, computing nothing that they do not need; on the workspace. */
    Matrix pooled(Workspace workspace, TextBatch batch, ImageInputs images) {
        Trunk trunk = model.trunk();
        return trunk.pooled(workspace, trunk.encode(workspace, batch, images, null));
    }

    /**
     * Computes with pairs of encodings, whose memory stays until it has ended.
     *
     * @throws IllegalArgumentException if the pairing does not fit them, or one is for another model
     * @throws IllegalStateException if one is closed, or the model
     */
    <T> T read(
            TextEncoding[] texts,
            ImageEncoding[] images,
            Pairing pairing,
            BiFunction<Workspace, Reading, T> computation) {
        return run(workspace -> {
            try (Reading reading = model.reading(texts, images, pairing)) {
                return computation.apply(workspace, reading);
            }
        });
    }

    @Override
    public void close() {
        model.memory().whenIdle(() -> {
            if (closed) return;
            closed = true;
            arena.close();
        });
        if (ownsModel) model.close();
    }
}
