package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.Attentions;
import io.bridgetower.model.outputs.BridgeTowerContrastiveOutput;
import io.bridgetower.model.outputs.BridgeTowerModelOutput;
import io.bridgetower.model.outputs.HiddenStates;
import java.io.IOException;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs against the reference's, for checkpoints of every kind. */
@Tag("parity")
class GoldenTest {
    @ParameterizedTest
    @MethodSource("io.bridgetower.tests.Golden#checkpoints")
    void outputsOfTrunkAndHeadsEqualTheReferences(String folder) throws IOException {
        try (Golden golden = new Golden(folder);
                Checkpoint checkpoint = Checkpoint.open(golden.directory());
                BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, new ModelOptions(2))) {
            TextInputs texts = TextInputs.of(golden.inputIds(), golden.attentionMask());
            ImageInputs images = golden.images();
            BridgeTowerModelOutput output = trunk.forward(texts, images, Capture.NONE);
            golden.assertClose("text_features", output.textFeatures());
            golden.assertClose("image_features", output.imageFeatures());
            golden.assertClose("pooler_output", output.poolerOutput());
            checkMatching(golden, checkpoint, trunk, texts, images);
            checkMaskedLM(golden, checkpoint, trunk, texts, images);
            checkContrastive(golden, checkpoint, trunk, texts, images);
        }
    }

    private static void checkMatching(
            Golden golden, Checkpoint checkpoint, BridgeTowerModel trunk, TextInputs texts, ImageInputs images)
            throws IOException {
        try (var model = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk)) {
            float[][] logits = model.logits(texts, images);
            golden.assertClose("itm.logits", tensor(logits));
            golden.assertClose("itm.loss", BridgeTowerForImageAndTextRetrieval.loss(logits, golden.ints("itm.labels")));
        }
    }

    private static void checkMaskedLM(
            Golden golden, Checkpoint checkpoint, BridgeTowerModel trunk, TextInputs texts, ImageInputs images)
            throws IOException {
        try (var model = BridgeTowerForMaskedLM.load(checkpoint, trunk)) {
            Tensor logits = model.logits(texts, images);
            golden.assertClose("mlm.logits", logits);
            golden.assertClose("mlm.loss", BridgeTowerForMaskedLM.loss(logits, golden.intRows("mlm.labels")));
            int[][] some = {{0, 3}, {1}, {}};
            float[][][] predicted = model.logitsAt(texts, images, some);
            for (int i = 0; i < some.length; i++) {
                for (int j = 0; j < some[i].length; j++) {
                    Tensor row = logits.slice(i, 1)
                            .view(logits.dim(1), logits.dim(2))
                            .slice(some[i][j], 1);
                    assertArrayEquals(row.toArray(), predicted[i][j]);
                }
            }
        }
    }

    private static void checkContrastive(
            Golden golden, Checkpoint checkpoint, BridgeTowerModel trunk, TextInputs texts, ImageInputs images)
            throws IOException {
        try (var model = BridgeTowerForContrastiveLearning.load(checkpoint, trunk)) {
            BridgeTowerContrastiveOutput output = model.forward(texts, images);
            golden.assertClose("itc.text_embeds", output.textEmbeds());
            golden.assertClose("itc.image_embeds", output.imageEmbeds());
            golden.assertClose("itc.cross_embeds", output.crossEmbeds());
            golden.assertClose("itc.logits", output.logits());
            golden.assertClose("itc.loss", model.loss(output));
            assertArrayEquals(
                    output.textEmbeds().toArray(), model.textEmbeds(texts).toArray());
            assertArrayEquals(
                    output.imageEmbeds().toArray(), model.imageEmbeds(images).toArray());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "defaults",
                "relative_key",
                "relative_key_query",
                "one_cross_layer",
                "no_vision_block",
                "no_text_layer",
                "all_layers_bridged"
            })
    void hiddenStatesEqualTheReferences(String folder) throws IOException {
        try (Golden golden = new Golden(folder)) {
            HiddenStates states = captured(golden).hiddenStates();
            golden.assertAllClose("hidden_states.text.%d", states.text());
            golden.assertAllClose("hidden_states.image.%d", states.image());
            golden.assertAllClose("hidden_states.cross.%d.text", states.crossText());
            golden.assertAllClose("hidden_states.cross.%d.image", states.crossImage());
        }
    }

    @Test
    void attentionsEqualTheReferences() throws IOException {
        try (Golden golden = new Golden("defaults")) {
            Attentions attentions = captured(golden).attentions();
            golden.assertAllClose("attentions.%d.text", attentions.text());
            golden.assertAllClose("attentions.%d.image", attentions.image());
        }
    }

    private static BridgeTowerModelOutput captured(Golden golden) throws IOException {
        try (BridgeTowerModel trunk = BridgeTowerModel.load(golden.directory(), new ModelOptions(2))) {
            TextInputs texts = TextInputs.of(golden.inputIds(), golden.attentionMask());
            return trunk.forward(texts, ImageInputs.of(golden.pixelValues()), Capture.ALL);
        }
    }

    static Tensor tensor(float[][] rows) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), rows.length, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) tensor.set(rows[i][j], i, j);
        }
        return tensor;
    }
}
