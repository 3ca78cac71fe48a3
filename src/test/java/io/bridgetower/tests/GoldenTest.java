package io.bridgetower.tests;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.BridgeTowerModelOutput;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
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
                "relu_silu"
            })
    void outputsOfTrunkAndMatchingHeadEqualTheReferences(String folder) throws IOException {
        try (Golden golden = new Golden(folder);
                Checkpoint checkpoint = Checkpoint.open(golden.directory());
                BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, new ModelOptions(2));
                var retrieval = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk)) {
            BridgeTowerModelOutput output =
                    trunk.forward(golden.inputIds(), golden.attentionMask(), golden.pixelValues());
            golden.assertClose("text_features", output.textFeatures());
            golden.assertClose("image_features", output.imageFeatures());
            golden.assertClose("pooler_output", output.poolerOutput());
            float[][] logits = retrieval.logits(golden.inputIds(), golden.attentionMask(), golden.pixelValues());
            golden.assertClose("itm.logits", tensor(logits));
        }
    }

    private static Tensor tensor(float[][] rows) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), rows.length, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) tensor.set(rows[i][j], i, j);
        }
        return tensor;
    }
}
