package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.BridgeTowerTextModel;
import io.bridgetower.model.BridgeTowerVisionModel;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.KeyValueCache;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.LogitsConsumer;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.ImageProcessorConfig;
import io.bridgetower.processor.image.PixelBatch;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What results own, and the logits of masked language modelling one token at a time. */
class ResultMemoryTest {
    private static final int VOCABULARY = 300;

    @Test
    void closingAResultFreesAllOfIt() throws IOException {
        try (Golden golden = new Golden("defaults");
                var trunk = BridgeTowerModel.load(golden.directory(), new ModelOptions(2));
                var contrastive = BridgeTowerForContrastiveLearning.load(golden.directory(), new ModelOptions(2));
                var masked = BridgeTowerForMaskedLM.load(golden.directory(), new ModelOptions(2));
                var vision = BridgeTowerVisionModel.load(golden.directory(), new ModelOptions(2))) {
            TextInputs texts = TextInputs.of(golden.inputIds(), golden.attentionMask());
            ImageInputs images = ImageInputs.of(golden.pixelValues());
            var output = trunk.forward(texts, images, Capture.ALL);
            Tensor state = output.hiddenStates().crossImage().getLast();
            Tensor row = output.textFeatures().slice(0, 1);
            output.close();
            output.close();
            assertFreed(
                    output.poolerOutput(),
                    state,
                    row,
                    output.attentions().text().getFirst());
            var embeds = contrastive.forward(texts, images);
            Tensor logits = embeds.logits();
            embeds.close();
            assertFreed(embeds.textEmbeds(), embeds.imageEmbeds(), embeds.crossEmbeds());
            assertEquals(3, logits.dim(1));
            for (Tensor result : List.of(
                    logits,
                    contrastive.textEmbeds(texts),
                    contrastive.imageEmbeds(images),
                    masked.logits(texts, images),
                    vision.forward(images))) {
                float[] before = result.toArray();
                assertArrayEquals(before, result.toArray());
                result.close();
                assertFreed(result);
            }
        }
    }

    @Test
    void resultsInAnArenaOfTheCallerLiveAsLongAsThat() throws IOException {
        try (Golden golden = new Golden("text_encoder");
                var model = BridgeTowerTextModel.load(golden.directory(), new ModelOptions(2))) {
            TextInputs texts = TextInputs.of(golden.inputIds(), golden.attentionMask());
            Tensor states;
            try (Arena arena = Arena.ofShared()) {
                var output = model.forward(arena, texts, null, null, Capture.ALL);
                output.close();
                states = output.lastHiddenState();
                assertEquals(arena.scope(), states.segment().scope());
                try (var owned = model.forward(texts, Capture.ALL)) {
                    assertArrayEquals(owned.lastHiddenState().toArray(), states.toArray());
                }
            }
            assertFreed(states);
        }
    }

    @Test
    void resultsAreZeroPastTheEndOfATextInAnArenaThatHandsOutUsedMemory() throws IOException {
        int[][] ids = {{0, 9, 2}, {0, 7, 8, 9, 2}};
        try (Golden golden = new Golden("defaults");
                var masked = BridgeTowerForMaskedLM.load(golden.directory(), new ModelOptions(2))) {
            for (Arena memory : List.of(Arena.ofShared(), Arena.ofConfined())) {
                try (UsedArena arena = new UsedArena(memory)) {
                    TextInputs texts = TextInputs.of(ids);
                    ImageInputs images = ImageInputs.of(golden.pixelValues().slice(0, 2));
                    Tensor features = masked.trunk()
                            .forward(arena, texts, images, Capture.NONE)
                            .textFeatures();
                    Tensor logits = masked.logits(arena, texts, images);
                    for (int token = 3; token < 5; token++) {
                        assertEquals(0, features.get(0, token, 1));
                        assertEquals(0, logits.get(0, token, VOCABULARY - 1));
                    }
                }
            }
        }
    }

    @Test
    void aClosedCacheIsRefused() throws IOException {
        try (Golden golden = new Golden("text_decoder");
                var model = BridgeTowerTextModel.load(golden.directory(), new ModelOptions(1))) {
            KeyValueCache cache = model.newCache();
            TextInputs texts = TextInputs.of(new int[][] {{0, 5, 6}});
            model.forward(texts, null, cache, Capture.NONE);
            cache.close();
            cache.close();
            var closed =
                    assertThrows(IllegalStateException.class, () -> model.forward(texts, null, cache, Capture.NONE));
            assertEquals("the cache is closed", closed.getMessage());
        }
    }

    @Test
    void processedImagesOwnTheirMemory() {
        RgbImage image = RgbImage.of(40, 30, new byte[40 * 30 * 3]);
        PixelBatch batch = new ImageProcessor(ImageProcessorConfig.DEFAULT).preprocess(List.of(image));
        assertFalse(Float.isNaN(batch.pixelValues().get(0, 0, 0, 0)));
        batch.close();
        assertFreed(batch.pixelValues(), batch.pixelMask());
    }

    /** More tokens than are computed together, of texts of different lengths. */
    @Test
    void logitsOfOneTokenAfterTheOtherAreThoseOfTheTensor() throws IOException {
        try (Golden golden = new Golden("defaults");
                var masked = BridgeTowerForMaskedLM.load(golden.directory(), new ModelOptions(2))) {
            Tensor pixels = golden.pixelValues().slice(0, 2);
            int[][] ids = {text(70), text(3), text(61), text(64)}, mask = {null, null, null, null};
            for (int i = 0; i < ids.length; i++) {
                mask[i] = new int[ids[i].length];
                Arrays.fill(mask[i], 0, Math.max(2, ids[i].length - 5), 1);
            }
            TextInputs texts = TextInputs.of(ids, mask);
            Tensor four = Tensor.allocate(4, 3, 64, 64);
            for (int i = 0; i < 4; i++) {
                four.slice(i, 1).segment().copyFrom(pixels.slice(i % 2, 1).segment());
            }
            ImageInputs images = ImageInputs.of(four);
            try (four;
                    Tensor logits = masked.logits(texts, images)) {
                List<String> order = new ArrayList<>();
                LogitsConsumer<RuntimeException> compare = (pair, token, row) -> {
                    order.add(pair + " " + token);
                    assertArrayEquals(
                            logits.slice(pair, 1)
                                    .view(70, VOCABULARY)
                                    .slice(token, 1)
                                    .toArray(),
                            row);
                };
                masked.logits(texts, images, compare);
                List<String> expected = new ArrayList<>();
                for (int i = 0; i < ids.length; i++) {
                    for (int token = 0; token < ids[i].length; token++) expected.add(i + " " + token);
                }
                assertEquals(expected, order);
                order.clear();
                int[][] some = {{69 - 5, 0, 3}, {}, {1}, {2, 2}};
                masked.logitsAt(texts, images, some, compare);
                assertEquals(List.of("0 64", "0 0", "0 3", "2 1", "3 2", "3 2"), order);
                TextEncoding[] encodedTexts = masked.trunk().encodeTexts(ids, mask);
                ImageEncoding[] encodedImages = masked.trunk().encodeImages(four);
                order.clear();
                masked.logitsAt(encodedTexts, encodedImages, Pairing.oneToOne(4), some, (pair, token, row) -> {
                    // Computing has ended: the consumer may close what was read.
                    for (TextEncoding text : encodedTexts) text.close();
                    for (ImageEncoding image : encodedImages) image.close();
                    compare.accept(pair, token, row);
                });
                assertEquals(6, order.size());
                int[][] labels = new int[4][];
                for (int i = 0; i < 4; i++) {
                    labels[i] = ids[i].clone();
                    for (int token = 0; token < labels[i].length; token += 2) labels[i][token] = -100;
                }
                int[][] padded = Arrays.stream(labels)
                        .map(row -> {
                            int[] all = new int[70];
                            Arrays.fill(all, -100);
                            System.arraycopy(row, 0, all, 0, row.length);
                            return all;
                        })
                        .toArray(int[][]::new);
                assertEquals(BridgeTowerForMaskedLM.loss(logits, padded), masked.loss(texts, images, labels));
            }
        }
    }

    @Test
    void theConsumerMayUseTheModelAndItsExceptionEndsTheCall() throws IOException {
        try (Golden golden = new Golden("defaults");
                var masked = BridgeTowerForMaskedLM.load(golden.directory(), new ModelOptions(1))) {
            TextInputs texts = TextInputs.of(new int[][] {text(70)});
            ImageInputs images = ImageInputs.of(golden.pixelValues().slice(0, 1));
            int[] taken = {0};
            var full = assertThrows(
                    IOException.class,
                    () -> masked.<IOException>logits(texts, images, (pair, token, logits) -> {
                        if (token % 32 == 0) masked.logitsAt(texts, images, new int[][] {{0}});
                        if (token == 65) throw new IOException("the disk is full");
                        taken[0]++;
                    }));
            assertEquals("the disk is full", full.getMessage());
            assertEquals(65, taken[0]);
            var closed = assertThrows(
                    IllegalStateException.class,
                    () -> masked.logits(texts, images, (pair, token, logits) -> masked.close()));
            assertEquals("the model is closed", closed.getMessage());
        }
    }

    @Test
    void labelsThatDoNotFitAreNamed() throws IOException {
        try (Golden golden = new Golden("defaults");
                var masked = BridgeTowerForMaskedLM.load(golden.directory(), new ModelOptions(1))) {
            TextInputs texts = TextInputs.of(new int[][] {{0, 5, 2}});
            ImageInputs images = ImageInputs.of(golden.pixelValues().slice(0, 1));
            assertMessage("labels: expected 1 texts, found 2", () -> masked.loss(texts, images, new int[2][3]));
            assertMessage(
                    "labels of text 0: expected 3, found 2", () -> masked.loss(texts, images, new int[][] {{0, 1}}));
            assertMessage(
                    "label of text 0, token 1: expected 0 to 299 or -100, found 300",
                    () -> masked.loss(texts, images, new int[][] {{0, 300, 1}}));
        }
    }

    private static void assertMessage(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static int[] text(int tokens) {
        int[] ids = new int[tokens];
        Arrays.setAll(ids, token -> 2 + (17 * token + tokens) % (VOCABULARY - 2));
        return ids;
    }

    private static void assertFreed(Tensor... tensors) {
        for (Tensor tensor : tensors) assertThrows(IllegalStateException.class, tensor::toArray);
    }
}
