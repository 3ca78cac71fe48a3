package io.bridgetower.cli;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerContrastiveOutput;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.stream.Stream;

/** The outputs of the heads: logits, embeddings and losses. */
final class HeadOutputs {
    private final Checkpoint checkpoint;
    private final BridgeTowerModel trunk;
    private final ForwardInputs inputs;
    private final ForwardSelection selection;
    private float[][] matching;
    private Tensor masked;
    private BridgeTowerContrastiveOutput contrastive;
    private double contrastiveLoss;

    HeadOutputs(Checkpoint checkpoint, BridgeTowerModel trunk, ForwardInputs inputs, ForwardSelection selection) {
        this.checkpoint = checkpoint;
        this.trunk = trunk;
        this.inputs = inputs;
        this.selection = selection;
    }

    Stream<ForwardOutput> all() {
        boolean itm = BridgeTowerForImageAndTextRetrieval.isIn(checkpoint);
        boolean mlm = BridgeTowerForMaskedLM.isIn(checkpoint);
        boolean itc = BridgeTowerForContrastiveLearning.isIn(checkpoint);
        return Stream.of(
                output("itm.logits", itm, null, () -> rows(matching())),
                output("itm.loss", itm, ForwardInputs.MATCHING_LABELS, this::matchingLoss),
                output("mlm.logits", mlm, null, this::masked),
                output("mlm.loss", mlm, ForwardInputs.MASKED_LABELS, this::maskedLoss),
                output("itc.text_embeds", itc, null, this::textEmbeds),
                output("itc.image_embeds", itc, null, this::imageEmbeds),
                output("itc.cross_embeds", itc, null, () -> contrastive().crossEmbeds()),
                output("itc.logits", itc, null, () -> contrastive().logits()),
                output("itc.loss", itc, null, this::contrastiveLoss));
    }

    /** @param labels what it needs beside the model's inputs; null for nothing */
    private ForwardOutput output(String name, boolean hasHead, String labels, ForwardOutput.Value value) {
        String obstacle = null;
        if (!hasHead) obstacle = checkpoint.directory() + ": the checkpoint has no head for " + name;
        else if (labels != null && !inputs.has(labels)) {
            obstacle = inputs.path() + ": " + name + " needs " + labels + ", which is not there";
        }
        return new ForwardOutput(name, true, obstacle, value);
    }

    private float[][] matching() throws IOException {
        if (matching == null) {
            try (var head = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk)) {
                matching = head.logits(inputs.texts(), inputs.images());
            }
        }
        return matching;
    }

    private Tensor matchingLoss() throws IOException {
        return scalar(BridgeTowerForImageAndTextRetrieval.loss(matching(), inputs.matchingLabels()));
    }

    private Tensor masked() throws IOException {
        if (masked == null) {
            try (var head = BridgeTowerForMaskedLM.load(checkpoint, trunk)) {
                masked = head.logits(inputs.texts(), inputs.images());
            }
        }
        return masked;
    }

    private Tensor maskedLoss() throws IOException {
        return scalar(BridgeTowerForMaskedLM.loss(masked(), inputs.maskedLabels()));
    }

    private BridgeTowerContrastiveOutput contrastive() throws IOException {
        if (contrastive == null) {
            try (var head = BridgeTowerForContrastiveLearning.load(checkpoint, trunk)) {
                contrastive = head.forward(inputs.texts(), inputs.images());
                contrastiveLoss = head.loss(contrastive);
            }
        }
        return contrastive;
    }

    private Tensor contrastiveLoss() throws IOException {
        contrastive();
        return scalar(contrastiveLoss);
    }

    /** Where nothing else is asked for that needs the cross-modal layers, these do not run. */
    private Tensor textEmbeds() throws IOException {
        if (isFusionMeant()) return contrastive().textEmbeds();
        try (var head = BridgeTowerForContrastiveLearning.load(checkpoint, trunk)) {
            return head.textEmbeds(inputs.texts());
        }
    }

    private Tensor imageEmbeds() throws IOException {
        if (isFusionMeant()) return contrastive().imageEmbeds();
        try (var head = BridgeTowerForContrastiveLearning.load(checkpoint, trunk)) {
            return head.imageEmbeds(inputs.images());
        }
    }

    private boolean isFusionMeant() {
        return all().filter(selection::isMeant)
                .map(ForwardOutput::name)
                .anyMatch(name ->
                        name.equals("itc.cross_embeds") || name.equals("itc.logits") || name.equals("itc.loss"));
    }

    private static Tensor scalar(double value) {
        return Tensor.copyOf(Arena.ofAuto(), new float[] {(float) value});
    }

    private static Tensor rows(float[][] rows) {
        int columns = rows[0].length;
        float[] values = new float[rows.length * columns];
        for (int i = 0; i < rows.length; i++) System.arraycopy(rows[i], 0, values, i * columns, columns);
        return Tensor.copyOf(Arena.ofAuto(), values, rows.length, columns);
    }
}
