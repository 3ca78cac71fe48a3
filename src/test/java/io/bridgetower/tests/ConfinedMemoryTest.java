package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.BridgeTowerTextModel;
import io.bridgetower.model.BridgeTowerVisionModel;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.EncoderStates;
import io.bridgetower.model.inputs.EncodingPrecision;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.BridgeTowerModelOutput;
import io.bridgetower.model.outputs.BridgeTowerTextModelOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Inputs and results in memory that only one thread may touch, at every method that takes or returns tensors. */
class ConfinedMemoryTest {
    private static final int TOKENS = 6, HIDDEN = 64, PATCHES = 17;

    /** A call: inputs and results in an arena, and numbers that depend on all of them. */
    @FunctionalInterface
    private interface Call {
        List<float[]> run(Arena arena);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "1, 4", "2, 1", "2, 2", "2, 4", "5, 1", "5, 2", "5, 4"})
    void resultsAreTheSameAsInSharedMemory(int batch, int threads) throws IOException {
        try (Models models = new Models(threads)) {
            for (Map.Entry<String, Call> call : models.calls(batch).entrySet()) {
                List<float[]> expected, found;
                try (Arena shared = Arena.ofShared()) {
                    expected = call.getValue().run(shared);
                }
                try (Arena confined = Arena.ofConfined()) {
                    found = call.getValue().run(confined);
                }
                assertEquals(expected.size(), found.size());
                for (int i = 0; i < expected.size(); i++) {
                    assertArrayEquals(expected.get(i), found.get(i), call.getKey());
                }
            }
        }
    }

    @Test
    void memoryOfAnotherThreadIsRefusedByName() throws IOException, InterruptedException, ExecutionException {
        try (Models models = new Models(2);
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            Arena arena = other.submit(Arena::ofConfined).get();
            Tensor pixels = other.submit(() -> pixels(arena, 2)).get();
            Tensor patches =
                    other.submit(() -> random(arena, 2, PATCHES, HIDDEN)).get();
            Tensor embeds = other.submit(() -> random(arena, 2, TOKENS, HIDDEN)).get();
            Map<String, Runnable> refused = models.calls(pixels, patches, embeds);
            for (Map.Entry<String, Runnable> call : refused.entrySet()) {
                String input = call.getKey().substring(0, call.getKey().indexOf(' '));
                String message = assertThrows(WrongThreadException.class, call.getValue()::run, call.getKey())
                        .getMessage();
                assertTrue(message.startsWith(input + ": the memory is confined to another thread"), message);
            }
            other.submit(arena::close).get();
            for (Map.Entry<String, Runnable> call : refused.entrySet()) {
                String input = call.getKey().substring(0, call.getKey().indexOf(' '));
                assertEquals(
                        input + ": the memory has been freed",
                        assertThrows(IllegalStateException.class, call.getValue()::run, call.getKey())
                                .getMessage());
            }
        }
    }

    /** All models that a checkpoint makes, and a decoder with cross-attention. */
    private static final class Models implements AutoCloseable {
        private final Checkpoint checkpoint = Checkpoint.open(Golden.directory("defaults"));
        private final BridgeTowerModel trunk;
        private final BridgeTowerForImageAndTextRetrieval matching;
        private final BridgeTowerForMaskedLM masked;
        private final BridgeTowerForContrastiveLearning contrastive;
        private final BridgeTowerTextModel text;
        private final BridgeTowerTextModel decoder;
        private final BridgeTowerVisionModel vision;

        Models(int threads) throws IOException {
            ModelOptions options = new ModelOptions(threads);
            trunk = BridgeTowerModel.load(checkpoint, options);
            matching = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk);
            masked = BridgeTowerForMaskedLM.load(checkpoint, trunk);
            contrastive = BridgeTowerForContrastiveLearning.load(checkpoint, trunk);
            text = BridgeTowerTextModel.load(checkpoint.directory(), options);
            decoder = BridgeTowerTextModel.load(Golden.directory("text_cross_decoder"), options);
            vision = BridgeTowerVisionModel.load(checkpoint.directory(), options);
        }

        Map<String, Call> calls(int batch) {
            int[][] some = new int[batch][];
            for (int i = 0; i < batch; i++) some[i] = new int[] {i % 3};
            int[][] labels = new int[batch][TOKENS];
            for (int[] row : labels) Arrays.setAll(row, i -> i % 2 == 0 ? -100 : i);
            Map<String, Call> calls = new LinkedHashMap<>();
            for (boolean embedded : new boolean[] {false, true}) {
                for (boolean masked : new boolean[] {false, true}) {
                    String of = (embedded ? " of embeddings" : " of pixels") + (masked ? " with a mask" : "");
                    addCalls(calls, of, new Inputs(batch, embedded, masked), some, labels);
                }
            }
            calls.put("decoder", arena -> {
                EncoderStates states = new EncoderStates(random(arena, batch, 4, HIDDEN), null);
                TextInputs texts = TextInputs.ofEmbeddings(random(arena, batch, TOKENS, HIDDEN), null);
                return values(decoder.forward(arena, texts, states, decoder.newCache(), Capture.ALL));
            });
            return calls;
        }

        private void addCalls(Map<String, Call> calls, String of, Inputs inputs, int[][] some, int[][] labels) {
            calls.put(
                    "forward" + of,
                    arena -> values(trunk.forward(arena, inputs.texts(arena), inputs.images(arena), Capture.ALL)));
            calls.put("encodings" + of, arena -> {
                TextEncoding[] texts = trunk.encodeTexts(inputs.texts(arena), EncodingPrecision.F16);
                ImageEncoding[] images = trunk.encodeImages(inputs.images(arena), EncodingPrecision.F16);
                List<float[]> values = new ArrayList<>(values(trunk.fuse(arena, texts, images)));
                values.add(contrastive.textEmbeds(arena, texts).toArray());
                values.add(contrastive.imageEmbeds(arena, images).toArray());
                Pairing pairing = Pairing.oneToOne(texts.length);
                values.add(
                        contrastive.crossEmbeds(arena, texts, images, pairing).toArray());
                for (TextEncoding text : texts) text.close();
                for (ImageEncoding image : images) image.close();
                return values;
            });
            calls.put("matching" + of, arena -> List.of(matching.logits(inputs.texts(arena), inputs.images(arena))));
            calls.put(
                    "masked" + of,
                    arena -> List.of(masked.logits(arena, inputs.texts(arena), inputs.images(arena))
                            .toArray()));
            calls.put(
                    "masked at" + of,
                    arena -> Arrays.stream(masked.logitsAt(inputs.texts(arena), inputs.images(arena), some))
                            .flatMap(Arrays::stream)
                            .toList());
            calls.put("masked streamed" + of, arena -> {
                List<float[]> rows = new ArrayList<>();
                masked.logits(inputs.texts(arena), inputs.images(arena), (pair, token, logits) -> rows.add(logits));
                return rows;
            });
            calls.put(
                    "masked loss" + of,
                    arena -> List.of(
                            new float[] {(float) masked.loss(inputs.texts(arena), inputs.images(arena), labels)}));
            calls.put("contrastive" + of, arena -> {
                var output = contrastive.forward(arena, inputs.texts(arena), inputs.images(arena));
                return List.of(output.logits(arena).toArray(), new float[] {(float) contrastive.loss(output)});
            });
            calls.put(
                    "text embeds" + of,
                    arena -> List.of(
                            contrastive.textEmbeds(arena, inputs.texts(arena)).toArray()));
            calls.put(
                    "image embeds" + of,
                    arena -> List.of(
                            contrastive.imageEmbeds(arena, inputs.images(arena)).toArray()));
            calls.put("text" + of, arena -> values(text.forward(arena, inputs.texts(arena), null, null, Capture.ALL)));
            calls.put(
                    "vision" + of,
                    arena -> List.of(vision.forward(arena, inputs.images(arena)).toArray()));
        }

        /** Calls by the input that is refused. */
        Map<String, Runnable> calls(Tensor pixels, Tensor patches, Tensor embeds) {
            TextInputs ids = TextInputs.of(new int[2][TOKENS]), words = TextInputs.ofEmbeddings(embeds, null);
            Map<String, Runnable> calls = new LinkedHashMap<>();
            for (String name : List.of("pixel_values", "image_embeds")) {
                ImageInputs images =
                        name.equals("pixel_values") ? ImageInputs.of(pixels) : ImageInputs.ofEmbeddings(patches);
                addRefused(calls, name, ids, images);
                calls.put(name + " encode", () -> trunk.encodeImages(images));
                calls.put(name + " embeds", () -> contrastive.imageEmbeds(images));
                calls.put(name + " vision", () -> vision.forward(images));
            }
            addRefused(calls, "inputs_embeds", words, ImageInputs.of(pixels(Arena.ofAuto(), 2)));
            calls.put("inputs_embeds encode", () -> trunk.encodeTexts(words));
            calls.put("inputs_embeds embeds", () -> contrastive.textEmbeds(words));
            calls.put("inputs_embeds text", () -> text.forward(words, Capture.NONE));
            EncoderStates states = new EncoderStates(embeds, null);
            calls.put(
                    "encoder_hidden_states text",
                    () -> decoder.forward(TextInputs.of(new int[2][TOKENS]), states, null, Capture.NONE));
            return calls;
        }

        private void addRefused(Map<String, Runnable> calls, String name, TextInputs texts, ImageInputs images) {
            int[][] tokens = {{0}, {1}};
            calls.put(name + " forward", () -> trunk.forward(texts, images, Capture.NONE));
            calls.put(name + " matching", () -> matching.logits(texts, images));
            calls.put(name + " masked", () -> masked.logits(texts, images));
            calls.put(name + " masked at", () -> masked.logitsAt(texts, images, tokens));
            calls.put(name + " masked streamed", () -> masked.logits(texts, images, (pair, token, logits) -> {}));
            calls.put(name + " masked loss", () -> masked.loss(texts, images, new int[2][TOKENS]));
            calls.put(name + " contrastive", () -> contrastive.forward(texts, images));
        }

        @Override
        public void close() {
            matching.close();
            masked.close();
            contrastive.close();
            trunk.close();
            text.close();
            decoder.close();
            vision.close();
            checkpoint.close();
        }
    }

    /** The same inputs in any arena: as ids and pixels or as embeddings, with or without padding. */
    private record Inputs(int batch, boolean embedded, boolean masked) {
        TextInputs texts(Arena arena) {
            int[][] mask = masked ? new int[batch][TOKENS] : null;
            for (int i = 0; masked && i < batch; i++) Arrays.fill(mask[i], 0, 3 + i % 3, 1);
            if (embedded) return TextInputs.ofEmbeddings(random(arena, batch, TOKENS, HIDDEN), mask);
            int[][] ids = new int[batch][TOKENS];
            for (int i = 0; i < batch; i++) {
                int text = i;
                Arrays.setAll(ids[i], token -> 2 + 7 * text + token);
            }
            return TextInputs.of(ids, mask);
        }

        ImageInputs images(Arena arena) {
            return embedded
                    ? ImageInputs.ofEmbeddings(random(arena, batch, PATCHES, HIDDEN))
                    : ImageInputs.of(pixels(arena, batch));
        }
    }

    private static Tensor pixels(Arena arena, int batch) {
        return random(arena, batch, 3, 64, 64);
    }

    private static Tensor random(Arena arena, int... shape) {
        Tensor tensor = Tensor.allocate(arena, shape);
        Tensor values = tensor.view((int) tensor.size());
        Random random = new Random(tensor.size());
        for (int i = 0; i < values.dim(0); i++) values.set((float) random.nextGaussian(), i);
        return tensor;
    }

    private static List<float[]> values(BridgeTowerModelOutput output) {
        List<Tensor> tensors = new ArrayList<>();
        tensors.addAll(List.of(output.textFeatures(), output.imageFeatures(), output.poolerOutput()));
        if (output.hiddenStates() != null) {
            tensors.addAll(output.hiddenStates().text());
            tensors.addAll(output.hiddenStates().image());
            tensors.addAll(output.hiddenStates().crossText());
            tensors.addAll(output.hiddenStates().crossImage());
            tensors.addAll(output.attentions().text());
            tensors.addAll(output.attentions().image());
            tensors.addAll(output.crossAttentions().text());
            tensors.addAll(output.crossAttentions().image());
        }
        return tensors.stream().map(Tensor::toArray).toList();
    }

    private static List<float[]> values(BridgeTowerTextModelOutput output) {
        List<Tensor> tensors = new ArrayList<>(List.of(output.lastHiddenState()));
        if (output.poolerOutput() != null) tensors.add(output.poolerOutput());
        tensors.addAll(output.hiddenStates());
        tensors.addAll(output.attentions());
        if (output.crossAttentions() != null) tensors.addAll(output.crossAttentions());
        return tensors.stream().map(Tensor::toArray).toList();
    }
}
