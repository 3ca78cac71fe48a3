package io.bridgetower;

import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.processor.BridgeTowerProcessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * What a model directory holds, loaded: the trunk once, and every head on it.
 *
 * @param models for each head that there is the model with it
 */
record Loaded(Path directory, BridgeTowerProcessor processor, BridgeTowerModel trunk, Map<Head, AutoCloseable> models)
        implements AutoCloseable {
    static Loaded load(Path directory, ModelOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory, options.variant())) {
            BridgeTowerProcessor processor = ModelProcessors.load(checkpoint);
            BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options);
            Loaded loaded = new Loaded(directory, processor, trunk, new EnumMap<>(Head.class));
            try {
                for (Head head : Head.of(checkpoint)) loaded.models.put(head, head.load(checkpoint, trunk));
                return loaded;
            } catch (IOException | RuntimeException | Error e) {
                loaded.close();
                throw e;
            }
        }
    }

    Set<Head> heads() {
        return Collections.unmodifiableSet(models.keySet());
    }

    /**
     * The model with a head.
     *
     * @throws UnsupportedOperationException if the checkpoint has none
     */
    <M extends AutoCloseable> M model(Head head, Class<M> type) {
        if (models.containsKey(head)) return type.cast(models.get(head));
        throw new UnsupportedOperationException(directory + ": the checkpoint has no " + head + " head ("
                + head.tensors() + ".*), which " + head.methods() + " need; it has " + heads());
    }

    @Override
    public void close() {
        models.values().forEach(Loaded::close);
        trunk.close();
    }

    private static void close(AutoCloseable model) {
        try {
            model.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("a model closes without checked exceptions", e);
        }
    }
}
