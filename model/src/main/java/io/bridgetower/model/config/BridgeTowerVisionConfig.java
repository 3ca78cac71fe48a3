package io.bridgetower.model.config;

import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.JsonWriter;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The vision tower's dimensions and options. Immutable. Defaults are those of the base model.
 *
 * @param hiddenSize width of the blocks; they have hidden_size / 64 heads, at least one
 * @param numHiddenLayers number of blocks before {@link #removeLastLayer} takes one away
 * @param numChannels colour channels of an image
 * @param patchSize side of a square patch in pixels
 * @param imageSize side of the square image that the position embedding is made for, in pixels
 * @param initializerFactor scale of randomly initialised weights
 * @param layerNormEps epsilon of the LayerNorms
 * @param stopGradient whether training leaves this tower alone
 * @param shareLayernorm whether the standalone model has one final LayerNorm for all blocks
 * @param removeLastLayer whether to build one block less
 * @param otherFields what a file holds beyond these, as null, Boolean, String, Long, BigInteger, Double, List or Map;
 *     written back by {@link #toJson}
 */
public record BridgeTowerVisionConfig(
        int hiddenSize,
        int numHiddenLayers,
        int numChannels,
        int patchSize,
        int imageSize,
        double initializerFactor,
        double layerNormEps,
        boolean stopGradient,
        boolean shareLayernorm,
        boolean removeLastLayer,
        Map<String, Object> otherFields) {
    /** The {@code model_type} of its config.json. */
    static final String MODEL_TYPE = "bridgetower_vision_model";

    private static final int HEAD_SIZE = 64;

    /** Keeps the number of positions within an int, whatever the patch size. */
    private static final int MAX_IMAGE_SIZE = 1 << 14;

    /**
     * Checks every field.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names the field
     */
    public BridgeTowerVisionConfig {
        FieldRange range = new FieldRange("vision_config.");
        range.size("hidden_size", hiddenSize);
        range.count("num_hidden_layers", numHiddenLayers);
        range.count("num_channels", numChannels);
        range.count("patch_size", patchSize);
        range.integer("image_size", imageSize, 1, MAX_IMAGE_SIZE);
        range.notNegative("initializer_factor", initializerFactor);
        range.notNegative("layer_norm_eps", layerNormEps);
        if (patchSize > imageSize) {
            range.fail("patch_size", "found " + patchSize + ", expected at most image_size " + imageSize);
        }
        if (hiddenSize % Math.max(1, hiddenSize / HEAD_SIZE) != 0) {
            range.fail(
                    "hidden_size",
                    "found " + hiddenSize + ", expected a multiple of its number of heads, " + hiddenSize / HEAD_SIZE);
        }
        otherFields = ConfigFields.frozen(otherFields);
    }

    /** Number of attention heads of a block. */
    public int numAttentionHeads() {
        return Math.max(1, hiddenSize / HEAD_SIZE);
    }

    /** Inner width of a block's feed-forward part. */
    public int intermediateSize() {
        return 4 * hiddenSize;
    }

    /** Number of blocks that are built; 0 where there is one layer and it is removed. */
    public int numBlocks() {
        return removeLastLayer ? numHiddenLayers - 1 : numHiddenLayers;
    }

    /** Patches along one side of an image of {@link #imageSize}. */
    public int patchesPerSide() {
        return imageSize / patchSize;
    }

    /** Rows of the position embedding: the class token and every patch. */
    public int numPositions() {
        return 1 + patchesPerSide() * patchesPerSide();
    }

    /** A builder that starts from the defaults of the specification. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * Reads the vision configuration of a model directory: its {@code vision_config}, or the whole file if it is that
     * of a standalone vision model. A field that is absent or null has its default.
     *
     * @param directoryOrFile a config.json, or a directory that holds one
     * @throws MalformedFileException if the file is not JSON, or a field has the wrong type or is out of range
     * @throws IOException if the file cannot be read
     */
    public static BridgeTowerVisionConfig load(Path directoryOrFile) throws IOException {
        return read(ConfigFields.load(directoryOrFile));
    }

    /** As {@link #load}, from the text of a config.json. */
    public static BridgeTowerVisionConfig parse(String json) throws MalformedFileException {
        return read(ConfigFields.parse(Path.of("config.json"), json));
    }

    /** From the fields of a whole config.json. */
    static BridgeTowerVisionConfig read(ConfigFields file) throws MalformedFileException {
        String type = file.modelType(MODEL_TYPE);
        if (type.equals(MODEL_TYPE) && !file.has("vision_config")) return section(file);
        if (type.equals(MODEL_TYPE) || type.equals(BridgeTowerConfig.MODEL_TYPE)) {
            ConfigFields section = file.object("vision_config", "vision_config_dict");
            return section == null ? builder().build() : section(section);
        }
        throw file.malformed(
                "model_type",
                "found \"" + type + "\", expected \"" + BridgeTowerConfig.MODEL_TYPE + "\" or \"" + MODEL_TYPE + "\"");
    }

    /** From the fields of this configuration alone. */
    static BridgeTowerVisionConfig section(ConfigFields fields) throws MalformedFileException {
        return fields.build("vision_config.", builder().read(fields)::build);
    }

    /** The JSON text of a config.json, sorted by name, fields that this class does not know included. */
    public String toJson() {
        return JsonWriter.indented(fields());
    }

    /**
     * Writes {@code config.json} in a directory, replacing an older one in one step.
     *
     * @throws IOException if the file cannot be written
     */
    public void save(Path directory) throws IOException {
        AtomicFile.write(directory.resolve("config.json"), toJson());
    }

    Map<String, Object> fields() {
        Map<String, Object> json = new TreeMap<>(otherFields);
        json.putIfAbsent("model_type", MODEL_TYPE);
        json.put("hidden_size", hiddenSize);
        json.put("num_hidden_layers", numHiddenLayers);
        json.put("num_channels", numChannels);
        json.put("patch_size", patchSize);
        json.put("image_size", imageSize);
        json.put("initializer_factor", initializerFactor);
        json.put("layer_norm_eps", layerNormEps);
        json.put("stop_gradient", stopGradient);
        json.put("share_layernorm", shareLayernorm);
        json.put("remove_last_layer", removeLastLayer);
        return json;
    }

    /** Sets what differs from the defaults. */
    public static final class Builder {
        private int hiddenSize = 768;
        private int numHiddenLayers = 12;
        private int numChannels = 3;
        private int patchSize = 16;
        private int imageSize = 288;
        private double initializerFactor = 1;
        private double layerNormEps = 1e-5;
        private boolean stopGradient = false;
        private boolean shareLayernorm = true;
        private boolean removeLastLayer = false;
        private final Map<String, Object> otherFields = new TreeMap<>();

        private Builder() {}

        private Builder(BridgeTowerVisionConfig config) {
            hiddenSize = config.hiddenSize;
            numHiddenLayers = config.numHiddenLayers;
            numChannels = config.numChannels;
            patchSize = config.patchSize;
            imageSize = config.imageSize;
            initializerFactor = config.initializerFactor;
            layerNormEps = config.layerNormEps;
            stopGradient = config.stopGradient;
            shareLayernorm = config.shareLayernorm;
            removeLastLayer = config.removeLastLayer;
            otherFields.putAll(config.otherFields);
        }

        private Builder read(ConfigFields fields) throws MalformedFileException {
            hiddenSize = fields.integer("hidden_size", hiddenSize);
            numHiddenLayers = fields.integer("num_hidden_layers", numHiddenLayers);
            numChannels = fields.integer("num_channels", numChannels);
            patchSize = fields.integer("patch_size", patchSize);
            imageSize = fields.integer("image_size", imageSize);
            initializerFactor = fields.number("initializer_factor", initializerFactor);
            layerNormEps = fields.number("layer_norm_eps", layerNormEps);
            stopGradient = fields.flag("stop_gradient", stopGradient);
            shareLayernorm = fields.flag("share_layernorm", shareLayernorm);
            removeLastLayer = fields.flag("remove_last_layer", removeLastLayer);
            otherFields.putAll(fields.others());
            return this;
        }

        /** @see BridgeTowerVisionConfig#hiddenSize */
        public Builder hiddenSize(int value) {
            hiddenSize = value;
            return this;
        }

        /** @see BridgeTowerVisionConfig#numHiddenLayers */
        public Builder numHiddenLayers(int value) {
            numHiddenLayers = value;
            return this;
        }

        /** @see BridgeTowerVisionConfig#numChannels */
        public Builder numChannels(int value) {
            numChannels = value;
            return this;
        }

        /** @see BridgeTowerVisionConfig#patchSize */
        public Builder patchSize(int value) {
            patchSize = value;
            return this;
        }

        /** @see BridgeTowerVisionConfig#imageSize */
        public Builder imageSize(int value) {
            imageSize = value;
            return this;
        }

        /** @see BridgeTowerVisionConfig#initializerFactor */
        public Builder initializerFactor(double value) {
            initializerFactor = value;
            return this;
        }

        /** @see BridgeTowerVisionConfig#layerNormEps */
        public Builder layerNormEps(double value) {
            layerNormEps = value;
            return this;
        }

        /** @see BridgeTowerVisionConfig#stopGradient */
        public Builder stopGradient(boolean value) {
            stopGradient = value;
            return this;
        }

        /** @see BridgeTowerVisionConfig#shareLayernorm */
        public Builder shareLayernorm(boolean value) {
            shareLayernorm = value;
            return this;
        }

        /** @see BridgeTowerVisionConfig#removeLastLayer */
        public Builder removeLastLayer(boolean value) {
            removeLastLayer = value;
            return this;
        }

        /** Sets a field that this class does not know; it is kept and written. */
        public Builder otherField(String name, Object value) {
            otherFields.put(name, value);
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if a value is out of range; the message names the field
         */
        public BridgeTowerVisionConfig build() {
            return new BridgeTowerVisionConfig(
                    hiddenSize,
                    numHiddenLayers,
                    numChannels,
                    patchSize,
                    imageSize,
                    initializerFactor,
                    layerNormEps,
                    stopGradient,
                    shareLayernorm,
                    removeLastLayer,
                    otherFields);
        }
    }
}
