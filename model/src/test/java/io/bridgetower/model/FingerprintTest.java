package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.SmallConfig;
import io.bridgetower.model.init.RandomWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tells models, and what they have computed, apart. */
class FingerprintTest {
    private static final ModelOptions F32 = new ModelOptions(1);
    private static final BridgeTowerConfig CONFIG =
            SmallConfig.model(SmallConfig.text(32, 2).build(), 64, 1).build();

    @TempDir
    private Path directory;

    @BeforeEach
    void writeModel() throws IOException {
        RandomWeights.write(CONFIG, 3, directory);
    }

    @Test
    void aHeldPrecisionShows() throws IOException {
        String full = fingerprint(F32), half = fingerprint(F32.withWeights(WeightPrecision.BF16));
        assertTrue(full.matches("1-f32-[0-9a-f]{64}"), full);
        assertTrue(half.matches("1-bf16-[0-9a-f]{64}"), half);
        assertEquals(full, fingerprint(new ModelOptions(2)));
    }

    @Test
    void encodingsOfAnotherPrecisionAreRefused() throws IOException {
        try (var full = BridgeTowerModel.load(directory, F32);
                var half = BridgeTowerModel.load(directory, F32.withWeights(WeightPrecision.BF16));
                TextEncoding text = text(half);
                ImageEncoding image = image(full)) {
            var given = assertThrows(
                    IllegalArgumentException.class,
                    () -> full.fuse(new TextEncoding[] {text}, new ImageEncoding[] {image}));
            assertEquals(
                    "text 0: encoded by another model: expected " + full.fingerprint() + ", found "
                            + half.fingerprint(),
                    given.getMessage());
            Path file = directory.resolve("text");
            text.write(file);
            assertThrows(MalformedFileException.class, () -> TextEncoding.read(file, full));
            TextEncoding.read(file, half).close();
        }
    }

    @Test
    void oneEditedEmbeddingRowShows() throws IOException {
        String before = fingerprint(F32);
        Path file = directory.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        String header = new String(bytes, 0, 1 << 15, StandardCharsets.ISO_8859_1);
        int at = header.indexOf("\"bridgetower.text_model.embeddings.word_embeddings.weight\"");
        String begin =
                header.substring(header.indexOf("data_offsets\":[", at)).replaceAll("(?s)^[^\\[]*\\[(\\d+).*", "$1");
        int data = Long.BYTES
                + Math.toIntExact(
                        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
        // Row 5 of 20, of 32 floats: neither at the beginning, nor in the middle, nor at the end.
        int element = data + Integer.parseInt(begin) + 5 * 32 * Float.BYTES;
        bytes[element] ^= 1;
        Files.write(file, bytes);
        assertNotEquals(before, fingerprint(F32));
    }

    @Test
    void fieldsShowThatDecideWhatIsComputed() throws IOException {
        Map<String, String> seen = new HashMap<>(Map.of(fingerprint(F32), "as it was"));
        Map<String, UnaryOperator<BridgeTowerConfig.Builder>> changes = new HashMap<>();
        changes.put("layer_norm_eps", config -> config.layerNormEps(1e-3));
        changes.put(
                "hidden_act",
                config -> config.textConfig(CONFIG.textConfig().toBuilder()
                        .hiddenAct(Activation.RELU)
                        .build()));
        changes.put(
                "text layer_norm_eps",
                config -> config.textConfig(
                        CONFIG.textConfig().toBuilder().layerNormEps(1e-3).build()));
        changes.put(
                "heads",
                config -> config.textConfig(
                        CONFIG.textConfig().toBuilder().numAttentionHeads(4).build()));
        changes.put(
                "is_decoder",
                config -> config.textConfig(
                        CONFIG.textConfig().toBuilder().isDecoder(true).build()));
        changes.put(
                "pad_token_id",
                config -> config.textConfig(
                        CONFIG.textConfig().toBuilder().padTokenId(0).build()));
        changes.put(
                "vision layer_norm_eps",
                config -> config.visionConfig(
                        CONFIG.visionConfig().toBuilder().layerNormEps(1e-3).build()));
        changes.put(
                "image_size",
                config -> config.visionConfig(
                        CONFIG.visionConfig().toBuilder().imageSize(33).build()));
        for (var change : changes.entrySet()) {
            change.getValue().apply(CONFIG.toBuilder()).build().save(directory);
            String other = seen.put(fingerprint(F32), change.getKey());
            assertEquals(null, other, change.getKey());
        }
    }

    @Test
    void otherFieldsDoNot() throws IOException {
        String before = fingerprint(F32);
        CONFIG.toBuilder()
                .initializerFactor(2)
                .hiddenAct(Activation.RELU)
                .otherField("added_by_a_later_version", 1L)
                .textConfig(CONFIG.textConfig().toBuilder()
                        .hiddenDropoutProb(0.5)
                        .eosTokenIds(List.of(9))
                        .build())
                .build()
                .save(directory);
        assertEquals(before, fingerprint(F32));
        try (var heads = BridgeTowerForMaskedLM.load(directory, F32)) {
            CONFIG.save(directory);
            try (var gelu = BridgeTowerForMaskedLM.load(directory, F32)) {
                assertNotEquals(heads.fingerprint(), gelu.fingerprint(), "the head's activation");
            }
        }
    }

    @Test
    void everyHeadHasItsOwn() throws IOException {
        try (var matching = BridgeTowerForImageAndTextRetrieval.load(directory, F32);
                var contrastive = BridgeTowerForContrastiveLearning.load(directory, F32);
                var masked = BridgeTowerForMaskedLM.load(directory, F32);
                var same = BridgeTowerForImageAndTextRetrieval.load(directory, F32)) {
            String trunk = matching.trunk().fingerprint();
            assertEquals(
                    4,
                    List.of(trunk, matching.fingerprint(), contrastive.fingerprint(), masked.fingerprint()).stream()
                            .distinct()
                            .count());
            assertEquals(matching.fingerprint(), same.fingerprint());
        }
    }

    /** Encodings and indexes on disk hold hashes of this text: if it changes, the version must. */
    @Test
    void theSettingsAreThoseOfVersionOne() {
        assertEquals("""
            share_cross_modal_transformer_layers=true
            share_link_tower_layers=false
            link_tower_type=add
            layer_norm_eps=1.0E-5
            num_hidden_layers=6
            text_config.num_hidden_layers=12
            text_config.num_attention_heads=12
            text_config.hidden_act=gelu
            text_config.layer_norm_eps=1.0E-5
            text_config.position_embedding_type=absolute
            text_config.is_decoder=false
            text_config.pad_token_id=1
            vision_config.num_hidden_layers=12
            vision_config.remove_last_layer=false
            vision_config.image_size=288
            vision_config.patch_size=16
            vision_config.layer_norm_eps=1.0E-5
            """, ModelIdentity.settings(BridgeTowerConfig.base()));
    }

    /** Which would be read for the hash. */
    @Test
    void encodingsOfOneLoadNeedNoFiles() throws IOException {
        try (var model = BridgeTowerModel.load(directory, F32);
                TextEncoding text = text(model);
                ImageEncoding image = image(model)) {
            Files.delete(directory.resolve("model.safetensors"));
            assertDoesNotThrow(() -> model.fuse(new TextEncoding[] {text}, new ImageEncoding[] {image}));
            var missing = assertThrows(UncheckedIOException.class, model::fingerprint);
            assertTrue(missing.getCause() instanceof NoSuchFileException, missing.toString());
            assertThrows(NoSuchFileException.class, () -> text.write(directory.resolve("text")));
        }
    }

    @Test
    void encodingsOfTwoLoadsOfTheSameFilesNeedNoFiles() throws IOException {
        try (var model = BridgeTowerModel.load(directory, F32);
                var again = BridgeTowerModel.load(directory, F32);
                TextEncoding text = text(model);
                ImageEncoding image = image(again)) {
            Files.delete(directory.resolve("model.safetensors"));
            assertDoesNotThrow(() -> model.fuse(new TextEncoding[] {text}, new ImageEncoding[] {image}));
        }
    }

    @Test
    void encodingsOfTwoLoadsOfAChangedFileAreTold() throws IOException {
        try (var model = BridgeTowerModel.load(directory, F32);
                TextEncoding text = text(model)) {
            RandomWeights.write(CONFIG, 4, directory);
            try (var changed = BridgeTowerModel.load(directory, F32);
                    ImageEncoding image = image(changed)) {
                var unknown = assertThrows(
                        UncheckedIOException.class,
                        () -> changed.fuse(new TextEncoding[] {text}, new ImageEncoding[] {image}));
                assertTrue(unknown.getMessage().contains("has changed since the model was loaded"), unknown.toString());
            }
        }
    }

    private String fingerprint(ModelOptions options) throws IOException {
        try (var model = BridgeTowerModel.load(directory, options)) {
            return model.fingerprint();
        }
    }

    private static TextEncoding text(BridgeTowerModel model) {
        return model.encodeTexts(new int[][] {{0, 7, 2}}, null)[0];
    }

    private static ImageEncoding image(BridgeTowerModel model) {
        try (Arena arena = Arena.ofShared()) {
            return model.encodeImages(Tensor.allocate(arena, 1, 3, 32, 32))[0];
        }
    }
}
