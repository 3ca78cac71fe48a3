package io.bridgetower.tests;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.BridgeTowerModelOutput;
import io.bridgetower.model.Capture;
import io.bridgetower.model.HiddenStates;
import io.bridgetower.model.ImageInputs;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.TextInputs;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs against the reference's, for checkpoints of every kind that the trunk and the matching head know. */
@Tag("parity")
class GoldenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "defaults",
                "scaled_add",
                "interpolate_link",
                "wide_vision",
                "remove_last_layer",
                "bf16",
                "f16",
                "gelu_new",
                "relu_silu",
                "relative_key",
                "relative_key_query",
                "interpolate_pos"
            })
    void outputsOfTrunkAndMatchingHeadEqualTheReferences(String folder) throws IOException {
        try (Golden golden = new Golden(folder);
                Checkpoint checkpoint = Checkpoint.open(golden.directory());
                BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, new ModelOptions(2));
                var retrieval = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk)) {
            ImageInputs images = ImageInputs.of(golden.pixelValues())
                    .withInterpolatePosEncoding(folder.equals("interpolate_pos"));
            TextInputs texts = TextInputs.of(golden.inputIds(), golden.attentionMask());
            BridgeTowerModelOutput output = trunk.forward(texts, images, Capture.NONE);
            golden.assertClose("text_features", output.textFeatures());
            golden.assertClose("image_features", output.imageFeatures());
            golden.assertClose("pooler_output", output.poolerOutput());
            float[][] logits = retrieval.logits(texts, images);
            golden.assertClose("itm.logits", tensor(logits));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"defaults", "relative_key", "relative_key_query"})
    void hiddenStatesAndAttentionsEqualTheReferences(String folder) throws IOException {
        try (Golden golden = new Golden(folder);
                BridgeTowerModel trunk = BridgeTowerModel.load(golden.directory(), new ModelOptions(2))) {
            TextInputs texts = TextInputs.of(golden.inputIds(), golden.attentionMask());
            BridgeTowerModelOutput output =
                    trunk.forward(texts, ImageInputs.of(golden.pixelValues()), Capture.ALL);
            HiddenStates states = output.hiddenStates();
            assertAllClose(golden, "hidden_states.text.%d", states.text());
            assertAllClose(golden, "hidden_states.image.%d", states.image());
            assertAllClose(golden, "hidden_states.cross.%d.text", states.crossText());
            assertAllClose(golden, "hidden_states.cross.%d.image", states.crossImage());
            if (!golden.has("attentions.0.text")) return;
            assertAllClose(golden, "attentions.%d.text", output.attentions().text());
            assertAllClose(golden, "attentions.%d.image", output.attentions().image());
        }
    }

    private static void assertAllClose(Golden golden, String name, List<Tensor> tensors) throws IOException {
        for (int i = 0; i < tensors.size(); i++) golden.assertClose(name.formatted(i), tensors.get(i));
    }

    private static Tensor tensor(float[][] rows) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), rows.length, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) tensor.set(rows[i][j], i, j);
        }
        return tensor;
    }
}
