package io.bridgetower.model.config;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;

/** The vision tower's dimensions and options. Immutable. Defaults are those of the base model. */
public final class BridgeTowerVisionConfig extends Config {
    /** The {@code model_type} of its config.json. */
    static final String MODEL_TYPE = "bridgetower_vision_model";

    private static final int HEAD_SIZE = 64;

    /** Keeps the number of positions within an int, whatever the patch size. */
    private static final int MAX_IMAGE_SIZE = 1 << 14;

    private static final FieldTable FIELDS = new FieldTable("vision_config.", MODEL_TYPE);
    private static final Field<Integer> HIDDEN_SIZE = FIELDS.size("hidden_size", 768);
    private static final Field<Integer> NUM_HIDDEN_LAYERS = FIELDS.count("num_hidden_layers", 12);
    private static final Field<Integer> NUM_CHANNELS = FIELDS.count("num_channels", 3);
    private static final Field<Integer> PATCH_SIZE = FIELDS.count("patch_size", 16);
    private static final Field<Integer> IMAGE_SIZE = FIELDS.integer("image_size", 288, 1, MAX_IMAGE_SIZE);
    private static final Field<Double> INITIALIZER_FACTOR = FIELDS.notNegative("initializer_factor", 1);
    private static final Field<Double> LAYER_NORM_EPS = FIELDS.notNegative("layer_norm_eps", 1e-5);
    private static final Field<Boolean> STOP_GRADIENT = FIELDS.flag("stop_gradient", false);
    private static final Field<Boolean> SHARE_LAYERNORM = FIELDS.flag("share_layernorm", true);
    private static final Field<Boolean> REMOVE_LAST_LAYER = FIELDS.flag("remove_last_layer", false);

    private BridgeTowerVisionConfig(FieldValues values) {
        super(FIELDS, values);
        FieldRange range = FIELDS.range();
        if (patchSize() > imageSize()) {
            range.fail("patch_size", "found " + patchSize() + ", expected at most image_size " + imageSize());
        }
        if (hiddenSize() % numAttentionHeads() != 0) {
            range.fail(
                    "hidden_size",
                    "found " + hiddenSize() + ", expected a multiple of its number of heads, " + numAttentionHeads());
        }
    }

    /** A builder that starts from the defaults of the specification. */
    public static Builder builder() {
        return new Builder(FIELDS.defaults());
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder() {
        return new Builder(values());
    }

    /**
     * Reads the vision configuration of a model directory: its {@code vision_config}, or the whole file if it is that of a
     * standalone vision model. A field that is absent or null has its default.
     *
     * @param directoryOrFile a config.json, or a directory that holds one
     * @throws MalformedFileException if the file is not JSON, or a field has the wrong type or is out of range
     * @throws IOException if the file cannot be read
     */
    public static BridgeTowerVisionConfig load(Path directoryOrFile) throws IOException {
        return load(directoryOrFile, builder().build());
    }

    /** As above, with defaults of the caller's. */
    public static BridgeTowerVisionConfig load(Path directoryOrFile, BridgeTowerVisionConfig defaults)
            throws IOException {
        return read(ConfigFields.load(directoryOrFile), defaults);
    }

    /** As {@link #load}, from the text of a config.json. */
    public static BridgeTowerVisionConfig parse(String json) throws MalformedFileException {
        return read(ConfigFields.parse(Path.of("config.json"), json), builder().build());
    }

    private static BridgeTowerVisionConfig read(ConfigFields file, BridgeTowerVisionConfig defaults)
            throws MalformedFileException {
        ConfigFields section = file.section("vision_config", MODEL_TYPE);
        return section == null ? defaults : section(section, "vision_config", defaults);
    }

    /** From the fields of this configuration alone. */
    static BridgeTowerVisionConfig section(ConfigFields fields, String name, BridgeTowerVisionConfig defaults)
            throws MalformedFileException {
        FieldValues values = FIELDS.read(fields, defaults.values());
        return fields.build(name + ".", () -> new BridgeTowerVisionConfig(values));
    }

    /** Number of attention heads of a block. */
    public int numAttentionHeads() {
        return Math.max(1, hiddenSize() / HEAD_SIZE);
    }

    /** Inner width of a block's feed-forward part. */
    public int intermediateSize() {
        return 4 * hiddenSize();
    }

    /** Number of blocks that are built; 0 where there is one layer and it is removed. */
    public int numBlocks() {
        return removeLastLayer() ? numHiddenLayers() - 1 : numHiddenLayers();
    }

    /** Patches along one side of an image of {@link #imageSize}. */
    public int patchesPerSide() {
        return imageSize() / patchSize();
    }

    /** Rows of the position embedding: the class token and every patch. */
    public int numPositions() {
        return 1 + patchesPerSide() * patchesPerSide();
    }

    /** Width of the blocks; they have hidden_size / 64 heads, at least one. */
    public int hiddenSize() {
        return get(HIDDEN_SIZE);
    }

    /** Number of blocks before {@link #removeLastLayer} takes one away. */
    public int numHiddenLayers() {
        return get(NUM_HIDDEN_LAYERS);
    }

    /** Colour channels of an image. */
    public int numChannels() {
        return get(NUM_CHANNELS);
    }

    /** Side of a square patch in pixels. */
    public int patchSize() {
        return get(PATCH_SIZE);
    }

    /** Side of the square image that the position embedding is made for, in pixels. */
    public int imageSize() {
        return get(IMAGE_SIZE);
    }

    /** Scale of randomly initialised weights. */
    public double initializerFactor() {
        return get(INITIALIZER_FACTOR);
    }

    /** Epsilon of the LayerNorms. */
    public double layerNormEps() {
        return get(LAYER_NORM_EPS);
    }

    /** Whether training leaves this tower alone. */
    public boolean stopGradient() {
        return get(STOP_GRADIENT);
    }

    /** Whether the standalone model has one final LayerNorm for all blocks. */
    public boolean shareLayernorm() {
        return get(SHARE_LAYERNORM);
    }

    /** Whether to build one block less. */
    public boolean removeLastLayer() {
        return get(REMOVE_LAST_LAYER);
    }

    /** Sets what differs from the defaults. Each method sets the field whose accessor has its name. */
    public static final class Builder {
        private FieldValues values;

        private Builder(FieldValues values) {
            this.values = values;
        }

        public Builder hiddenSize(int value) {
            return set(HIDDEN_SIZE, value);
        }

        public Builder numHiddenLayers(int value) {
            return set(NUM_HIDDEN_LAYERS, value);
        }

        public Builder numChannels(int value) {
            return set(NUM_CHANNELS, value);
        }

        public Builder patchSize(int value) {
            return set(PATCH_SIZE, value);
        }

        public Builder imageSize(int value) {
            return set(IMAGE_SIZE, value);
        }

        public Builder initializerFactor(double value) {
            return set(INITIALIZER_FACTOR, value);
        }

        public Builder layerNormEps(double value) {
            return set(LAYER_NORM_EPS, value);
        }

        public Builder stopGradient(boolean value) {
            return set(STOP_GRADIENT, value);
        }

        public Builder shareLayernorm(boolean value) {
            return set(SHARE_LAYERNORM, value);
        }

        public Builder removeLastLayer(boolean value) {
            return set(REMOVE_LAST_LAYER, value);
        }

        /** Sets a field that this class does not know; it is kept and written. */
        public Builder otherField(String name, Object value) {
            values = values.withOther(name, value);
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if a value is out of range; the message names the field
         */
        public BridgeTowerVisionConfig build() {
            return new BridgeTowerVisionConfig(values);
        }

        private <T> Builder set(Field<T> field, T value) {
            values = values.with(field, value);
            return this;
        }
    }
}
