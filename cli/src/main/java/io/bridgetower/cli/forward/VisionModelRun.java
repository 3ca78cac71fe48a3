package io.bridgetower.cli.forward;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerVisionModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;

/** The image tower alone. */
final class VisionModelRun implements ForwardRun {
    private final ForwardInputs inputs;
    private final Arena arena;
    private final BridgeTowerVisionModel model;

    VisionModelRun(Checkpoint checkpoint, ForwardInputs inputs, Arena arena, ModelOptions options) throws IOException {
        this.inputs = inputs;
        this.arena = arena;
        model = BridgeTowerVisionModel.load(checkpoint, options);
    }

    @Override
    public List<ForwardOutput> outputs() {
        return List.of(ForwardOutput.of("hidden_states", true, null, this::hiddenStates));
    }

    private Tensor hiddenStates() throws IOException {
        return model.forward(arena, inputs.images());
    }

    @Override
    public void close() {
        model.close();
    }
}
