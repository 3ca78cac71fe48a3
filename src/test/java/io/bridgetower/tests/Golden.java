package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsFile;
import io.bridgetower.model.checkpoint.safetensors.TensorReader;
import io.bridgetower.model.inputs.ImageInputs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A folder of golden files: a checkpoint, inputs for it, and the outputs of the reference in 64-bit floats. */
public final class Golden implements AutoCloseable {
    /** What 32-bit floats cost the reference itself, twice over. */
    private static final double TOLERANCE = 5e-6;

    private static final String INTERPOLATED = "interpolate_pos";

    private final Path directory;
    private final SafetensorsFile inputs;
    private final SafetensorsFile outputs;

    Golden(String name) throws IOException {
        directory = directory(name);
        inputs = SafetensorsFile.open(directory.resolve("inputs.safetensors"));
        outputs = SafetensorsFile.open(directory.resolve("outputs.safetensors"));
    }

    /** The folders of whole models, with outputs of the trunk and of three heads. */
    public static List<String> checkpoints() {
        return List.of(
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
                INTERPOLATED,
                "one_cross_layer",
                "no_vision_block",
                "no_text_layer",
                "all_layers_bridged");
    }

    /** Where a folder lies. */
    public static Path directory(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    Path directory() {
        return directory;
    }

    int[] ints(String input) throws IOException {
        return new TensorReader(inputs).readIntVector(input);
    }

    int[][] intRows(String input) throws IOException {
        return new TensorReader(inputs).readInts(input);
    }

    Tensor floats(String input) throws IOException {
        return new TensorReader(inputs).readFloats(input, Arena.ofAuto());
    }

    int[][] inputIds() throws IOException {
        return intRows("input_ids");
    }

    int[][] attentionMask() throws IOException {
        return intRows("attention_mask");
    }

    /** The pixels, with positions that are interpolated where the reference interpolated them. */
    ImageInputs images() throws IOException {
        return ImageInputs.of(pixelValues()).withInterpolatePosEncoding(directory.endsWith(INTERPOLATED));
    }

    Tensor pixelValues() throws IOException {
        return floats("pixel_values");
    }

    /** Holds a scalar against the output of that name. */
    void assertClose(String name, double actual) throws IOException {
        assertClose(name, Tensor.copyOf(Arena.ofAuto(), new float[] {(float) actual}));
    }

    boolean hasInput(String input) {
        return inputs.names().contains(input);
    }

    /** Holds tensors against all outputs of a name with a number in it, of which there is at least one. */
    void assertAllClose(String name, List<Tensor> actual) throws IOException {
        Pattern numbered = Pattern.compile(Pattern.quote(name).replace("%d", "\\E\\d+\\Q"));
        long expected =
                outputs.names().stream().filter(numbered.asMatchPredicate()).count();
        assertTrue(expected > 0, "no output " + name);
        assertEquals(expected, actual.size(), name);
        for (int i = 0; i < actual.size(); i++) assertClose(name.formatted(i), actual.get(i));
    }

    /** Holds a tensor against the output of that name. */
    void assertClose(String name, Tensor actual) throws IOException {
        double error = error(name, actual);
        assertTrue(error <= TOLERANCE, () -> name + ": largest error " + error + ", allowed " + TOLERANCE);
    }

    /** The largest error of a tensor that should be the output of that name, as a part of the largest element, or of 1. */
    double error(String name, Tensor actual) throws IOException {
        Tensor expected = new TensorReader(outputs).readFloats(name, Arena.ofAuto());
        assertArrayEquals(expected.shape(), actual.shape(), name);
        float[] wanted = expected.toArray(), found = actual.toArray();
        double largest = 1, worst = 0;
        for (int i = 0; i < wanted.length; i++) {
            largest = Math.max(largest, Math.abs(wanted[i]));
            double error = Math.abs((double) wanted[i] - found[i]);
            worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
        }
        return worst / largest;
    }

    @Override
    public void close() {
        inputs.close();
        outputs.close();
    }
}
