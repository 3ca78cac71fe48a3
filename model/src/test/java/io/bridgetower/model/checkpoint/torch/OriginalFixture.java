package io.bridgetower.model.checkpoint.torch;

import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.Weights;
import io.bridgetower.model.checkpoint.tensor.Weight;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.init.RandomWeights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A file as the authors' code saves it, made of random weights. */
public final class OriginalFixture {
    private final Map<String, float[]> tensors = new LinkedHashMap<>();
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Map<String, Object> hyperParameters = new LinkedHashMap<>();
    private final PickleFixture pickle = new PickleFixture();

    /** Writes a model directory of random weights, and takes the same weights under the authors' names. */
    public static OriginalFixture of(BridgeTowerConfig config, Path directory) throws IOException {
        RandomWeights.write(config, 3, directory);
        OriginalFixture fixture = new OriginalFixture();
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            Weights weights = checkpoint.weights();
            for (String name : weights.names()) {
                long[] shape = weights.info(name).shape();
                Weight weight = weights.get(
                        name, Arrays.stream(shape).mapToInt(Math::toIntExact).toArray());
                fixture.tensor(original(name), weight.toArray(), shape);
            }
        }
        return fixture.tensor("temperature", new float[] {0.07f});
    }

    /** Adds or replaces a tensor. */
    public OriginalFixture tensor(String name, float[] values, long... shape) {
        tensors.put(name, values);
        shapes.put(name, shape);
        return this;
    }

    public OriginalFixture without(String name) {
        if (tensors.remove(name) == null) throw new AssertionError(name);
        return this;
    }

    public OriginalFixture renaming(String name, String to) {
        return tensor(to, tensors.get(name), shapes.get(name)).without(name);
    }

    /** @param value a Long, Boolean, Double or String */
    public OriginalFixture hyperParameter(String name, Object value) {
        hyperParameters.put(name, value);
        return this;
    }

    /** Puts a prefix before the names of all tensors. */
    public OriginalFixture prefixing(String prefix) {
        for (String name : tensors.keySet().toArray(String[]::new)) renaming(name, prefix + name);
        return this;
    }

    public Path write(Path file) throws IOException {
        return write(file, top -> {}, config -> config.op('}'));
    }

    /**
     * Writes the file.
     *
     * @param top adds keys and values to the outermost dictionary
     * @param config makes the object that is to hold the hyper-parameters
     */
    public Path write(Path file, Consumer<PickleFixture> top, Consumer<PickleFixture> config) throws IOException {
        ZipFixture zip = new ZipFixture(false);
        pickle.op('}').op('(');
        pickle.text("epoch").integer(3);
        top.accept(pickle);
        pickle.text("hyper_parameters").op('}').text("config");
        config.accept(pickle);
        for (Map.Entry<String, Object> each : hyperParameters.entrySet()) {
            pickle.text(each.getKey());
            switch (each.getValue()) {
                case Long number -> pickle.integer(number);
                case Boolean flag -> pickle.op(flag ? 0x88 : 0x89);
                case Double number -> {
                    pickle.op('G');
                    for (byte b : ByteBuffer.allocate(8).putDouble(number).array()) pickle.op(b & 0xFF);
                }
                default -> pickle.text(each.getValue().toString());
            }
            pickle.op('s');
        }
        pickle.op('s');
        pickle.text("state_dict")
                .global("collections", "OrderedDict")
                .op(')')
                .op('R')
                .op('(');
        int key = 0;
        Map<String, byte[]> storages = new LinkedHashMap<>();
        for (Map.Entry<String, float[]> tensor : tensors.entrySet()) {
            float[] values = tensor.getValue();
            long[] shape = shapes.get(tensor.getKey()), strides = new long[shape.length];
            long stride = 1;
            for (int axis = shape.length - 1; axis >= 0; stride *= shape[axis--]) strides[axis] = stride;
            String name = Integer.toString(key++);
            pickle.text(tensor.getKey()).tensor("FloatStorage", name, values.length, 0, shape, strides);
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : values) bytes.putFloat(value);
            storages.put("last/data/" + name, bytes.array());
        }
        zip.add("last/data.pkl", pickle.op('u').op('u').bytes());
        storages.forEach(zip::add);
        Files.write(file, zip.bytes());
        return file;
    }

    private static String original(String name) {
        String visual = "bridgetower.vision_model.visual.";
        return switch (name) {
            case String n when n.equals(visual + "embeddings.class_embedding") -> "vit_model.visual.class_embedding";
            case String n
            when n.equals(visual + "embeddings.position_embedding.weight") -> "vit_model.visual.positional_embedding";
            case String n
            when n.equals(visual + "embeddings.patch_embedding.weight") -> "vit_model.visual.conv1.weight";
            case String n when n.startsWith(visual) -> "vit_model.visual." + n.substring(visual.length());
            default ->
                name.replaceFirst("^bridgetower\\.text_model\\.", "text_transformer.")
                        .replaceFirst("^bridgetower\\.", "")
                        .replaceFirst("^logit_scale$", "vit_model.logit_scale");
        };
    }
}
