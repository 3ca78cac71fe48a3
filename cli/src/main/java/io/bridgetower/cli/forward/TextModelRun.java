package io.bridgetower.cli.forward;

import io.bridgetower.model.BridgeTowerTextModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.outputs.BridgeTowerTextModelOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.Stream;

/** The text tower alone. */
final class TextModelRun implements ForwardRun {
    private final Checkpoint checkpoint;
    private final ForwardInputs inputs;
    private final Arena arena;
    private final Capture capture;
    private final BridgeTowerTextModel model;
    private BridgeTowerTextModelOutput output;

    TextModelRun(
            Checkpoint checkpoint, ForwardInputs inputs, Arena arena, ModelOptions options, ForwardSelection selection)
            throws IOException {
        this.checkpoint = checkpoint;
        this.inputs = inputs;
        this.arena = arena;
        capture = new Capture(
                selection.names("hidden_states", true),
                selection.names("attentions", true),
                selection.names("cross_attentions", true));
        model = BridgeTowerTextModel.load(checkpoint, options);
    }

    @Override
    public List<ForwardOutput> outputs() {
        int layers = model.config().numHiddenLayers();
        String noPooler = checkpoint.textModel().has("pooler.dense.weight")
                ? null
                : checkpoint.directory() + ": the checkpoint has no pooler for pooler_output";
        Stream<ForwardOutput> states = Stream.of(
                ForwardOutput.of("last_hidden_state", true, null, () -> output().lastHiddenState()),
                ForwardOutput.of("pooler_output", true, noPooler, () -> output().poolerOutput()));
        return Stream.of(
                        states,
                        ForwardRun.layers(layers + 1, "hidden_states.%d", true, () -> output().hiddenStates()),
                        ForwardRun.layers(layers, "attentions.%d", true, () -> output().attentions()),
                        ForwardRun.layers(
                                model.config().addCrossAttention() ? layers : 0,
                                "cross_attentions.%d",
                                true,
                                () -> output().crossAttentions()))
                .flatMap(each -> each)
                .toList();
    }

    private BridgeTowerTextModelOutput output() throws IOException {
        if (output == null) output = model.forward(arena, inputs.texts(), inputs.encoder(), null, capture);
        return output;
    }

    @Override
    public void close() {
        model.close();
    }
}
