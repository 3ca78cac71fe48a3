package io.bridgetower.cli;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerVisionModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.util.List;

/** The image tower alone. */
final class VisionModelRun implements ForwardRun {
    private final ForwardInputs inputs;
    private final BridgeTowerVisionModel model;

    VisionModelRun(Checkpoint checkpoint, ForwardInputs inputs, ModelOptions options) throws IOException {
        this.inputs = inputs;
        model = BridgeTowerVisionModel.load(checkpoint, options);
    }

    @Override
    public List<ForwardOutput> outputs() {
        return List.of(new ForwardOutput("hidden_states", true, null, this::hiddenStates));
    }

    private Tensor hiddenStates() throws IOException {
        return model.forward(inputs.images());
    }

    @Override
    public void close() {
        model.close();
    }
}
