package io.bridgetower.cli.forward;

import io.bridgetower.engine.Tensor;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsFile;
import io.bridgetower.model.checkpoint.safetensors.TensorReader;
import io.bridgetower.model.inputs.EncoderStates;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** The tensors that a model runs on, read from a safetensors file when they are asked for. */
final class ForwardInputs implements AutoCloseable {
    static final String MATCHING_LABELS = "itm.labels";
    static final String MASKED_LABELS = "mlm.labels";
    static final String ANSWER_TARGETS = "vqa.targets";
    static final String ENTAILMENT_LABELS = "ve.labels";
    static final String REASONING_LABELS = "nlvr2.labels";

    /** The second image of each text, for a head that compares two. */
    static final String SECOND_IMAGES = "pixel_values_2";

    private static final String ENCODER = "encoder_hidden_states";

    private final Path path;
    private final Arena arena;
    private final boolean interpolatePositions;
    private final SafetensorsFile file;
    private final TensorReader reader;
    private TextInputs texts;
    private ImageInputs images;
    private ImageInputs secondImages;

    /** @param arena owner of what is read */
    ForwardInputs(Path path, Arena arena, boolean interpolatePositions) throws IOException {
        this.path = path;
        this.arena = arena;
        this.interpolatePositions = interpolatePositions;
        file = SafetensorsFile.open(path);
        reader = new TensorReader(file);
    }

    Path path() {
        return path;
    }

    boolean has(String name) {
        return reader.has(name);
    }

    /** {@code input_ids} or {@code inputs_embeds}, with {@code attention_mask} and {@code token_type_ids} if any. */
    TextInputs texts() throws IOException {
        if (texts == null) {
            Tensor embeds = floats("inputs_embeds");
            int[][] ids = embeds == null ? reader.readInts("input_ids") : ints("input_ids");
            texts = new TextInputs(ids, embeds, ints("attention_mask"), ints("token_type_ids"));
        }
        return texts;
    }

    /** {@code pixel_values} or {@code image_embeds}. */
    ImageInputs images() throws IOException {
        if (images == null) {
            Tensor embeds = floats("image_embeds");
            Tensor pixels = embeds == null ? reader.readFloats("pixel_values", arena) : floats("pixel_values");
            images = new ImageInputs(pixels, embeds, 1, interpolatePositions);
        }
        return images;
    }

    /** The images of {@link #SECOND_IMAGES}. */
    ImageInputs secondImages() throws IOException {
        if (secondImages == null) {
            Tensor pixels = reader.readFloats(SECOND_IMAGES, arena);
            secondImages = new ImageInputs(pixels, null, 1, interpolatePositions);
        }
        return secondImages;
    }

    /** {@code encoder_hidden_states} with {@code encoder_attention_mask} if any; null if there are none. */
    EncoderStates encoder() throws IOException {
        return has(ENCODER) ? new EncoderStates(floats(ENCODER), ints("encoder_attention_mask")) : null;
    }

    /** Labels of pairs: {@link #MATCHING_LABELS}, {@link #ENTAILMENT_LABELS} or {@link #REASONING_LABELS}. */
    int[] labels(String name) throws IOException {
        return reader.readIntVector(name);
    }

    /** A score for each answer of each pair. */
    float[][] answerTargets() throws IOException {
        Tensor targets = reader.readFloats(ANSWER_TARGETS, arena);
        if (targets.rank() != 2) {
            throw new MalformedFileException(path, ANSWER_TARGETS, "expected [pairs, answers], found " + targets);
        }
        float[][] rows = new float[targets.dim(0)][];
        for (int i = 0; i < rows.length; i++) rows[i] = targets.slice(i, 1).toArray();
        return rows;
    }

    int[][] maskedLabels() throws IOException {
        return reader.readInts(MASKED_LABELS);
    }

    @Override
    public void close() {
        file.close();
    }

    private int[][] ints(String name) throws IOException {
        return has(name) ? reader.readInts(name) : null;
    }

    private Tensor floats(String name) throws IOException {
        return has(name) ? reader.readFloats(name, arena) : null;
    }
}
