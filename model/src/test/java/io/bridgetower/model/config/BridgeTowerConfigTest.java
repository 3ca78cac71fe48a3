package io.bridgetower.model.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Activation;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BridgeTowerConfigTest {
    @Test
    void defaultsAreTheSpecifications() throws IOException {
        BridgeTowerConfig config = BridgeTowerConfig.parse("{}");
        assertEquals(BridgeTowerConfig.builder().build(), config);
        assertTrue(config.shareCrossModalTransformerLayers());
        assertFalse(config.shareLinkTowerLayers());
        assertEquals(Activation.GELU, config.hiddenAct());
        assertEquals(768, config.hiddenSize());
        assertEquals(1e-5, config.layerNormEps());
        assertEquals(LinkTowerType.ADD, config.linkTowerType());
        assertEquals(6, config.numHiddenLayers());
        assertEquals(512, config.contrastiveHiddenSize());
        assertEquals(2.6592, config.logitScaleInitValue());
        assertEquals(7, config.numUnimodalLayers());
        BridgeTowerTextConfig text = config.textConfig();
        assertEquals(50265, text.vocabSize());
        assertEquals(12, text.numHiddenLayers());
        assertEquals(3072, text.intermediateSize());
        assertEquals(514, text.maxPositionEmbeddings());
        assertEquals(512, text.maxTokens());
        assertEquals(2, text.typeVocabSize());
        assertEquals(PositionEmbeddingType.ABSOLUTE, text.positionEmbeddingType());
        assertEquals(1, text.padTokenId());
        assertTrue(text.useCache());
        BridgeTowerVisionConfig vision = config.visionConfig();
        assertEquals(16, vision.patchSize());
        assertEquals(288, vision.imageSize());
        assertEquals(325, vision.numPositions());
        assertEquals(12, vision.numAttentionHeads());
        assertEquals(12, vision.numBlocks());
        assertTrue(vision.shareLayernorm());
    }

    @Test
    void presets() {
        assertEquals(768, BridgeTowerConfig.base().hiddenSize());
        assertEquals(24, BridgeTowerConfig.large().textConfig().numHiddenLayers());
        assertEquals(442, BridgeTowerConfig.large().visionConfig().numPositions());
    }

    @Test
    void everythingSurvivesAJourneyThroughJson() throws IOException {
        String json = """
            {"link_tower_type": "scaled_add", "hidden_act": "gelu_new", "architectures": ["X"], "pad_token_id": null,
             "id2label": {"0": "no", "1": "\\u00e9\\n\\ud83d\\ude00"}, "a_long": 9007199254740993, "a_float": 1.25e-7,
             "text_config": {"position_embedding_type": "relative_key_query", "torch_dtype": "float16"},
             "vision_config": {"remove_last_layer": true, "num_hidden_layers": 13, "list": [1, [true, null]]}}
            """;
        BridgeTowerConfig config = BridgeTowerConfig.parse(json);
        assertEquals(LinkTowerType.SCALED_ADD, config.linkTowerType());
        assertEquals(Activation.GELU_NEW, config.hiddenAct());
        assertEquals(9007199254740993L, config.otherFields().get("a_long"));
        assertEquals(Map.of("0", "no", "1", "é\n😀"), config.otherFields().get("id2label"));
        assertTrue(config.otherFields().containsKey("pad_token_id"));
        assertEquals("float16", config.textConfig().otherFields().get("torch_dtype"));
        BridgeTowerConfig again = BridgeTowerConfig.parse(config.toJson());
        assertEquals(
                config.toBuilder()
                        .otherField("model_type", "bridgetower")
                        .textConfig(config.textConfig().toBuilder()
                                .otherField("model_type", "bridgetower_text_model")
                                .build())
                        .visionConfig(config.visionConfig().toBuilder()
                                .otherField("model_type", "bridgetower_vision_model")
                                .build())
                        .build(),
                again);
        assertEquals(config.toJson(), again.toJson());
    }

    @Test
    void fieldsThatTheReferenceDoesNotKnowAreWrittenWhereTheyDifferFromTheirDefaults() throws IOException {
        String plain = BridgeTowerConfig.base().toJson();
        for (String name : List.of(
                "contrastive_form",
                "cross_modal_layer_norm_eps",
                "modality_type_vocab_size",
                "task_head_layers",
                "head_hidden_scale",
                "num_labels",
                "id2label",
                "architectures")) {
            assertFalse(plain.contains(name), name);
        }
        BridgeTowerConfig config = BridgeTowerConfig.builder()
                .architecture("BridgeTowerForQuestionAnswering")
                .labels(List.of("yes", "no"))
                .contrastiveForm(ContrastiveForm.ORIGINAL)
                .crossModalLayerNormEps(1e-12)
                .modalityTypeVocabSize(3)
                .taskHeadLayers(1)
                .headHiddenScale(4)
                .numLabels(7)
                .build();
        BridgeTowerConfig again = BridgeTowerConfig.parse(config.toJson());
        assertEquals(config.toJson(), again.toJson());
        assertEquals(ContrastiveForm.ORIGINAL, again.contrastiveForm());
        assertEquals(1e-12, again.crossModalLayerNormEps().getAsDouble());
        assertEquals(3, again.modalityTypeVocabSize());
        assertEquals(1, again.taskHeadLayers());
        assertEquals(4, again.headHiddenScale());
        assertEquals(7, again.numLabels());
        assertEquals(List.of("yes", "no"), again.labels());
        assertEquals(List.of("BridgeTowerForQuestionAnswering"), again.architectures());
        assertEquals(Map.of("yes", 0L, "no", 1L), again.otherFields().get("label2id"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | id2label: expected an object",
                "{'1': 'a'} | id2label: found the key \"1\", expected 0 to 0",
                "{'0': 'a', '00': 'b'} | id2label: has no name for label 1",
                "{'0': 3} | id2label.0: expected a name"
            })
    void labelsThatAreNoList(String json, String complaint) throws IOException {
        BridgeTowerConfig config = BridgeTowerConfig.parse("{\"id2label\": " + json.replace('\'', '"') + "}");
        InvalidFieldException e = assertThrows(InvalidFieldException.class, config::labels);
        assertEquals(complaint, e.getMessage());
    }

    @Test
    void savesAndLoadsADirectory(@TempDir Path directory) throws IOException {
        BridgeTowerConfig config = BridgeTowerConfig.builder()
                .layerNormEps(1e-12)
                .otherField("x", 1L)
                .build();
        config.save(directory);
        assertEquals(config.toJson(), BridgeTowerConfig.load(directory).toJson());
        assertEquals(
                config.toJson(),
                BridgeTowerConfig.load(directory.resolve("config.json")).toJson());
        assertEquals(
                config.textConfig().toJson(),
                BridgeTowerTextConfig.load(directory).toJson());
        try (var files = Files.list(directory)) {
            assertEquals(1, files.count());
        }
        assertThrows(NoSuchFileException.class, () -> BridgeTowerConfig.load(directory.resolve("absent")));
    }

    @Test
    void otherFieldsCannotBeChangedFromOutside() throws IOException {
        BridgeTowerConfig config = BridgeTowerConfig.parse("{\"a\": {\"b\": [1]}}");
        assertThrows(
                UnsupportedOperationException.class, () -> config.otherFields().put("c", 1));
        assertThrows(
                UnsupportedOperationException.class,
                () -> ((Map<?, ?>) config.otherFields().get("a")).clear());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'text_config': null, 'vision_config': null} | 768",
                "{'hidden_size': null} | 768",
                "{'hidden_size': 96, 'text_config': {'hidden_size': 96}} | 96",
                "{'hidden_size': 96, 'text_config_dict': {'hidden_size': 96}, 'vision_config_dict': {}} | 96",
                "{'hidden_size': 96, 'text_config': {'hidden_size': 96}, 'text_config_dict': null} | 96",
                "{'hidden_size': 96, 'text_config': {'hidden_size': 96}, 'text_config_dict': {'hidden_size': 72}} | 96"
            })
    void publishedQuirks(String json, int hiddenSize) throws IOException {
        BridgeTowerConfig config = BridgeTowerConfig.parse(json.replace('\'', '"'));
        assertEquals(hiddenSize, config.hiddenSize());
        assertEquals(hiddenSize, config.textConfig().hiddenSize());
        assertFalse(config.toJson().contains("_dict"));
    }

    /** As Transformers 5.18 writes it: other names for types, model types in the parts, tokens as a list. */
    @Test
    void theConfigurationOfVersion5() throws IOException {
        BridgeTowerConfig config = BridgeTowerConfig.parse("""
            {"architectures": ["BridgeTowerForContrastiveLearning"], "dtype": "float32", "model_type": "bridgetower",
             "text_config": {"dtype": "float32", "eos_token_id": [2, 3], "model_type": "bridgetower_text_model"},
             "transformers_version": "5.18.0",
             "vision_config": {"dtype": "float32", "model_type": "bridgetower_vision_model"}}
            """);
        assertEquals(List.of(2, 3), config.textConfig().eosTokenIds());
        assertEquals("float32", config.visionConfig().otherFields().get("dtype"));
        assertEquals(config, BridgeTowerConfig.parse(config.toJson()));
        assertTrue(config.toJson().contains("\"eos_token_id\": ["));
        String one = BridgeTowerTextConfig.parse("{\"eos_token_id\": [7]}").toJson();
        assertTrue(one.contains("\"eos_token_id\": 7,"), one);
    }

    @Test
    void aPartMayBeAFileOfItsOwn() throws IOException {
        String text = "{\"model_type\": \"bridgetower_text_model\", \"hidden_size\": 96, \"is_decoder\": true}";
        assertTrue(BridgeTowerTextConfig.parse(text).isDecoder());
        assertEquals(96, BridgeTowerTextConfig.parse(text).hiddenSize());
        assertEquals(
                64,
                BridgeTowerVisionConfig.parse("{\"model_type\": \"bridgetower_vision_model\", \"hidden_size\": 64}")
                        .hiddenSize());
        assertEquals(
                64,
                BridgeTowerVisionConfig.parse("{\"hidden_size\": 768, \"vision_config\": {\"hidden_size\": 64}}")
                        .hiddenSize());
        assertEquals(
                768,
                BridgeTowerVisionConfig.parse("{\"model_type\": \"bridgetower\", \"hidden_size\": 96}")
                        .hiddenSize());
        MalformedFileException e = assertThrows(
                MalformedFileException.class,
                () -> BridgeTowerTextConfig.parse(
                        "{\"model_type\": \"bridgetower_text_model\", \"hidden_size\": 770}"));
        assertEquals("hidden_size", e.field());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | not valid JSON at line 1",
                "{'a': 1} x | not valid JSON",
                "{'a': 1} {} | expected the end of the JSON text",
                "[] | found an array, expected an object",
                "{'hidden_size': NaN} | hidden_size: not valid JSON",
                "{'hidden_size': '768'} | hidden_size: found \"768\", expected an integer",
                "{'hidden_size': 768.0} | hidden_size: found 768.0, expected an integer",
                "{'hidden_size': true} | hidden_size: found true, expected an integer",
                "{'hidden_size': 4294967296} | hidden_size: found 4294967296, expected an integer of 32 bits",
                "{'hidden_size': 99999999999999999999} | expected an integer of 32 bits",
                "{'hidden_size': 0} | hidden_size: found 0, expected 1 to",
                "{'hidden_size': 96} | hidden_size: found 96, expected text_config.hidden_size 768",
                "{'num_hidden_layers': 14} | num_hidden_layers: found 14, expected at most",
                "{'layer_norm_eps': -1} | layer_norm_eps: found -1.0",
                "{'layer_norm_eps': 1e999} | layer_norm_eps: number 1e999 does not fit 64 bits",
                "{'unknown': [0, 1e999]} | unknown[1]: number 1e999 does not fit 64 bits",
                "{'logit_scale_init_value': 1e39} | logit_scale_init_value: found 1.0E39",
                "{'share_link_tower_layers': 1} | share_link_tower_layers: found 1, expected true or false",
                "{'task_head_layers': 3} | task_head_layers: found 3, expected 1 to 2",
                "{'modality_type_vocab_size': 1} | modality_type_vocab_size: found 1, expected 2 to",
                "{'head_hidden_scale': 65} | head_hidden_scale: found 65, expected 1 to 64",
                "{'cross_modal_layer_norm_eps': -1} | cross_modal_layer_norm_eps: found -1.0",
                "{'contrastive_form': 'other'} | contrastive_form: found \"other\", expected one of"
                        + " \"transformers\", \"original\"",
                "{'link_tower_type': 'multiply'} | link_tower_type: found \"multiply\", expected one of \"add\","
                        + " \"scaled_add\"",
                "{'hidden_act': 'tanh'} | hidden_act: found \"tanh\", expected one of \"gelu\", \"relu\", \"silu\","
                        + " \"gelu_new\"",
                "{'model_type': 'clip'} | model_type: found \"clip\", expected \"bridgetower\"",
                "{'model_type': 3} | model_type: found 3, expected a string",
                "{'text_config': []} | text_config: found an array, expected an object",
                "{'text_config': {'hidden_act': 'QUICK_GELU'}} | text_config.hidden_act: found \"QUICK_GELU\"",
                "{'text_config': {'num_attention_heads': 7}} | text_config.hidden_size: found 768, expected a multiple",
                "{'text_config': {'vocab_size': 2147483647}} | text_config.vocab_size: found 2147483647",
                "{'text_config': {'pad_token_id': 50265}} | text_config.pad_token_id: found 50265, expected 0 to 50264",
                "{'text_config': {'eos_token_id': []}} | text_config.eos_token_id: found no token, expected one or"
                        + " more",
                "{'text_config': {'eos_token_id': [2, '3']}} | text_config.eos_token_id: found \"3\", expected an"
                        + " integer",
                "{'text_config': {'eos_token_id': [2, -1]}} | text_config.eos_token_id: found -1, expected 0 to",
                "{'text_config': {'num_hidden_layers': -1}} | text_config.num_hidden_layers: found -1, expected 0 to",
                "{'text_config': {'hidden_dropout_prob': 1.5}} | text_config.hidden_dropout_prob: found 1.5",
                "{'vision_config': {'patch_size': 289}} | vision_config.patch_size: found 289, expected at most"
                        + " image_size 288",
                "{'vision_config': {'hidden_size': 200}} | vision_config.hidden_size: found 200, expected a multiple",
                "{'vision_config': {'num_hidden_layers': 11}} | vision_config.num_hidden_layers: builds 11 blocks,"
                        + " expected at least text_config.num_hidden_layers 12, as num_hidden_layers is more than 1",
                "{'vision_config': {'remove_last_layer': true}} | vision_config.num_hidden_layers: builds 11 blocks",
                "{'vision_config': {'image_size': 1000000}} | vision_config.image_size: found 1000000"
            })
    void refusals(String json, String complaint) {
        MalformedFileException e =
                assertThrows(MalformedFileException.class, () -> BridgeTowerConfig.parse(json.replace('\'', '"')));
        assertTrue(e.getMessage().startsWith("config.json: "), e.getMessage());
        assertTrue(e.getMessage().contains(complaint), e.getMessage());
    }

    @Test
    void hostileTextIsRefused(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("config.json");
        Files.writeString(file, "{\"a\":" + "[".repeat(500_000));
        assertThrows(MalformedFileException.class, () -> BridgeTowerConfig.load(file));
        Files.writeString(file, " ".repeat(2 << 20));
        assertThrows(MalformedFileException.class, () -> BridgeTowerConfig.load(file));
        Files.write(file, new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'});
        assertThrows(MalformedFileException.class, () -> BridgeTowerConfig.load(file));
        Files.write(file, new byte[0]);
        assertThrows(MalformedFileException.class, () -> BridgeTowerConfig.load(file));
    }

    @Test
    void builtByHandAValueOutOfRangeNamesItsField() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> BridgeTowerTextConfig.builder().numAttentionHeads(7).build());
        assertTrue(e.getMessage().startsWith("text_config.hidden_size: "), e.getMessage());
    }
}
