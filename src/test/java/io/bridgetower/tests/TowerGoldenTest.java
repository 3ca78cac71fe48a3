package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerTextModel;
import io.bridgetower.model.BridgeTowerVisionModel;
import io.bridgetower.model.KeyValueCache;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.EncoderStates;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.BridgeTowerTextModelOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The towers on their own against the reference's. */
@Tag("parity")
class TowerGoldenTest {
    @ParameterizedTest
    @ValueSource(strings = {"text_encoder", "text_decoder", "text_cross_decoder"})
    void textModel(String folder) throws IOException {
        try (Golden golden = new Golden(folder);
                var model = BridgeTowerTextModel.load(golden.directory(), new ModelOptions(2))) {
            TextInputs texts = TextInputs.of(golden.inputIds(), golden.attentionMask())
                    .withTokenTypeIds(golden.intRows("token_type_ids"));
            BridgeTowerTextModelOutput output = model.forward(texts, encoder(golden), null, Capture.ALL);
            golden.assertClose("last_hidden_state", output.lastHiddenState());
            golden.assertClose("pooler_output", output.poolerOutput());
            golden.assertAllClose("hidden_states.%d", output.hiddenStates());
            golden.assertAllClose("attentions.%d", output.attentions());
            if (folder.equals("text_cross_decoder")) {
                golden.assertAllClose("cross_attentions.%d", output.crossAttentions());
            } else {
                assertNull(output.crossAttentions());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text_decoder", "text_cross_decoder"})
    void tokenByTokenWithTheCacheGivesTheSameRows(String folder) throws IOException {
        try (Golden golden = new Golden(folder);
                var model = BridgeTowerTextModel.load(golden.directory(), new ModelOptions(2))) {
            int[][] ids = golden.inputIds(), mask = golden.attentionMask(), types = golden.intRows("token_type_ids");
            int tokens = ids[0].length;
            KeyValueCache cache = model.newCache();
            Tensor rows = null;
            for (int from = 0; from < tokens; ) {
                // Two tokens at first, then one by one.
                int to = from == 0 ? 2 : from + 1;
                TextInputs next = TextInputs.of(columns(ids, from, to), columns(mask, 0, to))
                        .withTokenTypeIds(columns(types, from, to));
                Tensor states = model.forward(next, encoder(golden), cache, Capture.NONE)
                        .lastHiddenState();
                if (rows == null) rows = Tensor.allocate(Arena.ofAuto(), ids.length, tokens, states.dim(2));
                for (int i = 0; i < ids.length; i++) {
                    for (int t = from; t < to; t++) {
                        for (int h = 0; h < states.dim(2); h++) rows.set(states.get(i, t - from, h), i, t, h);
                    }
                }
                from = to;
            }
            golden.assertClose("last_hidden_state", rows);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vision_shared_ln", "vision_separate_ln"})
    void visionModel(String folder) throws IOException {
        try (Golden golden = new Golden(folder);
                var model = BridgeTowerVisionModel.load(golden.directory(), new ModelOptions(2))) {
            golden.assertClose("hidden_states", model.forward(ImageInputs.of(golden.pixelValues())));
        }
    }

    private static EncoderStates encoder(Golden golden) throws IOException {
        if (!golden.hasInput("encoder_hidden_states")) return null;
        return new EncoderStates(golden.floats("encoder_hidden_states"), golden.intRows("encoder_attention_mask"));
    }

    private static int[][] columns(int[][] rows, int from, int to) {
        return Arrays.stream(rows).map(row -> Arrays.copyOfRange(row, from, to)).toArray(int[][]::new);
    }
}
