package io.bridgetower.cli.forward;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.BridgeTowerContrastiveOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.stream.Stream;

/** The outputs of the heads: logits, embeddings and losses. */
final class HeadOutputs {
    private final Checkpoint checkpoint;
    private final BridgeTowerModel trunk;
    private final ForwardInputs inputs;
    private final Arena arena;
    private final ForwardSelection selection;
    private float[][] matching;
    private BridgeTowerContrastiveOutput contrastive;
    private double contrastiveLoss;

    HeadOutputs(
            Checkpoint checkpoint,
            BridgeTowerModel trunk,
            ForwardInputs inputs,
            Arena arena,
            ForwardSelection selection) {
        this.checkpoint = checkpoint;
        this.trunk = trunk;
        this.inputs = inputs;
        this.arena = arena;
        this.selection = selection;
    }

    Stream<ForwardOutput> all() {
        boolean itm = BridgeTowerForImageAndTextRetrieval.isIn(checkpoint);
        boolean mlm = BridgeTowerForMaskedLM.isIn(checkpoint);
        boolean itc = BridgeTowerForContrastiveLearning.isIn(checkpoint);
        boolean cross = itc && BridgeTowerForContrastiveLearning.isCrossModalIn(checkpoint);
        return Stream.of(
                output("itm.logits", itm, null, this::addMatching),
                output("itm.loss", itm, ForwardInputs.MATCHING_LABELS, ForwardOutput.scalar(this::matchingLoss)),
                output("mlm.logits", mlm, null, this::addMasked),
                output("mlm.loss", mlm, ForwardInputs.MASKED_LABELS, ForwardOutput.scalar(this::maskedLoss)),
                output("itc.text_embeds", itc, null, ForwardOutput.held(this::textEmbeds)),
                output("itc.image_embeds", itc, null, ForwardOutput.held(this::imageEmbeds)),
                output(
                        "itc.cross_embeds",
                        cross,
                        null,
                        ForwardOutput.held(() -> contrastive().crossEmbeds())),
                output(
                        "itc.logits",
                        cross,
                        null,
                        ForwardOutput.held(() -> contrastive().logits(arena))),
                output("itc.loss", cross, null, ForwardOutput.scalar(this::contrastiveLoss)));
    }

    private ForwardOutput output(String name, boolean hasHead, String labels, ForwardOutput.Value value) {
        return ForwardOutput.ofHead(checkpoint, inputs, name, hasHead, labels, value);
    }

    private float[][] matching() throws IOException {
        if (matching == null) {
            try (var head = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk)) {
                matching = head.logits(inputs.texts(), inputs.images());
            }
        }
        return matching;
    }

    private void addMatching(SafetensorsWriter writer, String name) throws IOException {
        ForwardOutput.addRows(writer, name, matching());
    }

    private double matchingLoss() throws IOException {
        return BridgeTowerForImageAndTextRetrieval.loss(matching(), inputs.labels(ForwardInputs.MATCHING_LABELS));
    }

    /** The largest output by far: it is computed while it is written. */
    private void addMasked(SafetensorsWriter writer, String name) throws IOException {
        TextInputs texts = inputs.texts();
        ImageInputs images = inputs.images();
        int vocabulary = trunk.config().textConfig().vocabSize();
        SafetensorsWriter.Computation logits = sink -> {
            try (var head = BridgeTowerForMaskedLM.load(checkpoint, trunk)) {
                head.<IOException>logits(texts, images, (pair, token, values) -> sink.write(values));
            }
        };
        writer.add(name, logits, texts.size(), texts.longest(), vocabulary);
    }

    private double maskedLoss() throws IOException {
        try (var head = BridgeTowerForMaskedLM.load(checkpoint, trunk)) {
            return head.loss(inputs.texts(), inputs.images(), inputs.maskedLabels());
        }
    }

    private BridgeTowerContrastiveOutput contrastive() throws IOException {
        if (contrastive == null) {
            try (var head = BridgeTowerForContrastiveLearning.load(checkpoint, trunk)) {
                contrastive = head.forward(arena, inputs.texts(), inputs.images());
                contrastiveLoss = head.loss(contrastive);
            }
        }
        return contrastive;
    }

    private double contrastiveLoss() throws IOException {
        contrastive();
        return contrastiveLoss;
    }

    /** Where nothing else is asked for that needs the cross-modal layers, these do not run. */
    private Tensor textEmbeds() throws IOException {
        if (isFusionMeant()) return contrastive().textEmbeds();
        try (var head = BridgeTowerForContrastiveLearning.load(checkpoint, trunk)) {
            return head.textEmbeds(arena, inputs.texts());
        }
    }

    private Tensor imageEmbeds() throws IOException {
        if (isFusionMeant()) return contrastive().imageEmbeds();
        try (var head = BridgeTowerForContrastiveLearning.load(checkpoint, trunk)) {
            return head.imageEmbeds(arena, inputs.images());
        }
    }

    private boolean isFusionMeant() {
        return all().filter(selection::isMeant)
                .map(ForwardOutput::name)
                .anyMatch(name ->
                        name.equals("itc.cross_embeds") || name.equals("itc.logits") || name.equals("itc.loss"));
    }
}
