package io.bridgetower.cli.forward;

import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.outputs.BridgeTowerModelOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.Stream;

/** The whole model: its trunk, and the heads that there are. */
final class WholeModelRun implements ForwardRun {
    private final ForwardInputs inputs;
    private final Arena arena;
    private final Capture capture;
    private final BridgeTowerModel trunk;
    private final HeadOutputs heads;
    private final TaskOutputs tasks;
    private BridgeTowerModelOutput output;

    WholeModelRun(
            Checkpoint checkpoint, ForwardInputs inputs, Arena arena, ModelOptions options, ForwardSelection selection)
            throws IOException {
        this.inputs = inputs;
        this.arena = arena;
        capture = new Capture(
                selection.names("hidden_states", true),
                selection.names("attentions", true),
                selection.names("cross_attentions", false));
        trunk = BridgeTowerModel.load(checkpoint, options);
        heads = new HeadOutputs(checkpoint, trunk, inputs, arena, selection);
        tasks = new TaskOutputs(checkpoint, trunk, inputs);
    }

    @Override
    public List<ForwardOutput> outputs() {
        Stream<ForwardOutput> features = Stream.of(
                ForwardOutput.of("text_features", true, null, () -> output().textFeatures()),
                ForwardOutput.of("image_features", true, null, () -> output().imageFeatures()),
                ForwardOutput.of("pooler_output", true, null, () -> output().poolerOutput()));
        return Stream.of(features, heads.all(), tasks.all(), kept())
                .flatMap(each -> each)
                .toList();
    }

    /** What is written only if it is asked for by name. */
    private Stream<ForwardOutput> kept() {
        BridgeTowerConfig config = trunk.config();
        int layers = config.textConfig().numHiddenLayers(), cross = config.numHiddenLayers();
        return Stream.of(
                        ForwardRun.layers(
                                layers + 1,
                                "hidden_states.text.%d",
                                true,
                                () -> output().hiddenStates().text()),
                        ForwardRun.layers(
                                config.numVisionBlocks() + 1,
                                "hidden_states.image.%d",
                                true,
                                () -> output().hiddenStates().image()),
                        ForwardRun.layers(
                                cross,
                                "hidden_states.cross.%d.text",
                                true,
                                () -> output().hiddenStates().crossText()),
                        ForwardRun.layers(
                                cross,
                                "hidden_states.cross.%d.image",
                                true,
                                () -> output().hiddenStates().crossImage()),
                        ForwardRun.layers(
                                cross,
                                "attentions.%d.text",
                                true,
                                () -> output().attentions().text()),
                        ForwardRun.layers(
                                cross,
                                "attentions.%d.image",
                                true,
                                () -> output().attentions().image()),
                        ForwardRun.layers(
                                cross,
                                "cross_attentions.%d.text",
                                false,
                                () -> output().crossAttentions().text()),
                        ForwardRun.layers(
                                cross,
                                "cross_attentions.%d.image",
                                false,
                                () -> output().crossAttentions().image()))
                .flatMap(each -> each);
    }

    private BridgeTowerModelOutput output() throws IOException {
        if (output == null) output = trunk.forward(arena, inputs.texts(), inputs.images(), capture);
        return output;
    }

    @Override
    public void close() {
        trunk.close();
    }
}
