package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.Weights;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.checkpoint.tensor.Weight;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.BridgeTowerModelOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models with a transform of its own for every cross-modal layer, and with one link tower for all, which the reference
 * cannot run: against models that compute the same in another arrangement.
 */
class SharedLayersTest {
    private static final int LEVELS = 3;

    @TempDir
    private Path directory;

    /** Under which names a tensor is written. */
    @FunctionalInterface
    private interface Renaming {
        List<String> of(String name);
    }

    @Test
    void equalTransformsOfEveryLayerGiveTheBitsOfASharedOne() throws IOException {
        Path unshared = copy("unshared", b -> b.shareCrossModalTransformerLayers(false), SharedLayersTest::unshared);
        assertSameBits(outputs(Golden.directory("defaults")), outputs(unshared));
    }

    @Test
    void aSharedLinkTowerGivesTheBitsOfEqualOnes() throws IOException {
        for (String folder : List.of("defaults", "scaled_add", "interpolate_link")) {
            Path equal = copy(folder, "equal-" + folder, b -> b, name -> {
                if (!name.contains("link_tower.")) return List.of(name);
                if (!name.contains("link_tower.0.")) return List.of();
                return List.of(name, name.replace("link_tower.0.", "link_tower.1."));
            });
            Path shared = copy(folder, "shared-" + folder, b -> b.shareLinkTowerLayers(true), name -> {
                if (!name.contains("link_tower.")) return List.of(name);
                return name.contains("link_tower.0.") ? List.of(name.replace(".0.", ".")) : List.of();
            });
            assertSameBits(outputs(equal), outputs(shared));
        }
    }

    /**
     * With a first layer that has another transform than the rest, what it reads is what it reads in a model with that
     * transform everywhere, and so is what it puts out; the layers after it are those of neither.
     */
    @Test
    void everyLayerReadsThroughItsOwnTransform() throws IOException {
        Path first = withOwn(0), second = withOwn(1), last = withOwn(2), all = withOwn(0, 1, 2), none = withOwn();
        List<float[]> ofNone = crossStates(none), ofAll = crossStates(all);
        assertSameBits(ofAll.subList(0, 2), crossStates(first).subList(0, 2));
        assertSameBits(ofNone.subList(0, 2), crossStates(second).subList(0, 2));
        assertSameBits(ofNone.subList(0, 4), crossStates(last).subList(0, 4));
        assertSameBits(ofAll.subList(0, 4), crossStates(withOwn(0, 1)).subList(0, 4));
        assertDiffer(ofNone.subList(0, 2), crossStates(first).subList(0, 2));
        assertDiffer(ofNone.subList(2, 4), crossStates(second).subList(2, 4));
        assertDiffer(ofNone.subList(4, 6), crossStates(last).subList(4, 6));
        assertDiffer(ofAll.subList(4, 6), crossStates(withOwn(0, 1)).subList(4, 6));
        // The contrastive image embedding goes through the last one.
        assertArrayEquals(imageEmbeds(all), imageEmbeds(last));
        assertArrayEquals(imageEmbeds(none), imageEmbeds(withOwn(0, 1)));
    }

    /** The golden model, unshared, some of whose layers have the poolers as transforms. */
    private Path withOwn(int... levels) throws IOException {
        String name = "own" + Arrays.toString(levels);
        return copy(name, b -> b.shareCrossModalTransformerLayers(false), tensor -> {
            List<String> names = new ArrayList<>();
            if (!tensor.contains("_transform.")) names.add(tensor);
            for (int i = 0; i < LEVELS; i++) {
                int level = i;
                boolean own = IntStream.of(levels).anyMatch(each -> each == level);
                String source = own ? "_pooler.dense." : "_transform.";
                if (tensor.contains("cross_modal_") && tensor.contains(source)) {
                    names.add(tensor.replace(source, "_transform." + i + "."));
                }
            }
            return names;
        });
    }

    private static List<String> unshared(String name) {
        if (!name.contains("_transform.")) return List.of(name);
        return IntStream.range(0, LEVELS)
                .mapToObj(i -> name.replace("_transform.", "_transform." + i + "."))
                .toList();
    }

    private Path copy(String name, UnaryOperator<BridgeTowerConfig.Builder> change, Renaming renaming)
            throws IOException {
        return copy("defaults", name, change, renaming);
    }

    private Path copy(String folder, String name, UnaryOperator<BridgeTowerConfig.Builder> change, Renaming renaming)
            throws IOException {
        Path copy = directory.resolve(name);
        if (Files.exists(copy)) return copy;
        Files.createDirectory(copy);
        try (Checkpoint golden = Checkpoint.open(Golden.directory(folder))) {
            change.apply(golden.config().toBuilder()).build().save(copy);
            SafetensorsWriter writer = new SafetensorsWriter();
            for (String tensor : golden.weights().names()) {
                for (String renamed : renaming.of(tensor)) writer.add(renamed, weight(golden.weights(), tensor));
            }
            writer.write(copy.resolve("model.safetensors"));
        }
        return copy;
    }

    private static Weight weight(Weights weights, String name) throws IOException {
        long[] shape = weights.info(name).shape();
        return weights.get(name, Arrays.stream(shape).mapToInt(Math::toIntExact).toArray());
    }

    /** Both sides of every cross-modal layer, text first. */
    private static List<float[]> crossStates(Path model) throws IOException {
        return outputs(model).subList(0, 2 * LEVELS);
    }

    private static float[] imageEmbeds(Path model) throws IOException {
        try (Golden golden = new Golden("defaults");
                var itc = BridgeTowerForContrastiveLearning.load(model, new ModelOptions(2))) {
            return itc.imageEmbeds(ImageInputs.of(golden.pixelValues())).toArray();
        }
    }

    /** The cross-modal states, then what the heads make of them. */
    private static List<float[]> outputs(Path model) throws IOException {
        try (Golden golden = new Golden("defaults");
                Checkpoint checkpoint = Checkpoint.open(model);
                BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, new ModelOptions(2));
                var itm = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk);
                var mlm = BridgeTowerForMaskedLM.load(checkpoint, trunk);
                var itc = BridgeTowerForContrastiveLearning.load(checkpoint, trunk)) {
            TextInputs texts = TextInputs.of(golden.inputIds(), golden.attentionMask());
            ImageInputs images = ImageInputs.of(golden.pixelValues());
            BridgeTowerModelOutput output = trunk.forward(texts, images, new Capture(true, false, false));
            List<Tensor> tensors = new ArrayList<>();
            for (int i = 0; i < LEVELS; i++) {
                tensors.add(output.hiddenStates().crossText().get(i));
                tensors.add(output.hiddenStates().crossImage().get(i));
            }
            tensors.add(output.poolerOutput());
            tensors.add(mlm.logits(texts, images));
            tensors.add(itc.forward(texts, images).logits());
            List<float[]> values = new ArrayList<>();
            for (Tensor tensor : tensors) values.add(tensor.toArray());
            values.addAll(List.of(itm.logits(texts, images)));
            return values;
        }
    }

    private static void assertSameBits(List<float[]> expected, List<float[]> actual) {
        for (int i = 0; i < expected.size(); i++) assertArrayEquals(expected.get(i), actual.get(i), "output " + i);
    }

    private static void assertDiffer(List<float[]> some, List<float[]> others) {
        for (int i = 0; i < some.size(); i++) assertFalse(Arrays.equals(some.get(i), others.get(i)), "output " + i);
    }
}
