package io.bridgetower.model.config;

import io.bridgetower.engine.Activation;
import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.JsonWriter;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The whole model's dimensions and options. Immutable. Defaults are those of the base model.
 *
 * @param shareCrossModalTransformerLayers whether all bridges of a side share one transform
 * @param hiddenAct activation of the masked-LM head: GELU, RELU, SILU or GELU_NEW
 * @param hiddenSize width of the cross-modal layers; equal to the text width
 * @param initializerFactor scale of randomly initialised weights
 * @param layerNormEps epsilon of the link towers, the cross-modal layernorms and the masked-LM head
 * @param shareLinkTowerLayers whether all bridges of a side share one link tower
 * @param linkTowerType how a bridge joins its two inputs
 * @param numAttentionHeads kept for completeness: the cross-modal layers have as many heads as the text layers
 * @param numHiddenLayers number of cross-modal layers
 * @param tieWordEmbeddings whether the masked-LM decoder weight is the word embedding
 * @param initLayernormFromVisionEncoder whether training starts from the vision tower's final LayerNorm
 * @param contrastiveHiddenSize width of the contrastive embeddings
 * @param logitScaleInitValue initial logarithm of the contrastive temperature's inverse
 * @param textConfig the text tower and the cross-modal layers
 * @param visionConfig the vision tower
 * @param otherFields what a file holds beyond these, as null, Boolean, String, Long, BigInteger, Double, List or Map;
 *     written back by {@link #toJson}
 */
public record BridgeTowerConfig(
        boolean shareCrossModalTransformerLayers,
        Activation hiddenAct,
        int hiddenSize,
        double initializerFactor,
        double layerNormEps,
        boolean shareLinkTowerLayers,
        LinkTowerType linkTowerType,
        int numAttentionHeads,
        int numHiddenLayers,
        boolean tieWordEmbeddings,
        boolean initLayernormFromVisionEncoder,
        int contrastiveHiddenSize,
        double logitScaleInitValue,
        BridgeTowerTextConfig textConfig,
        BridgeTowerVisionConfig visionConfig,
        Map<String, Object> otherFields) {
    /** The {@code model_type} of its config.json. */
    static final String MODEL_TYPE = "bridgetower";

    private static final Activation[] ACTIVATIONS = {
        Activation.GELU, Activation.RELU, Activation.SILU, Activation.GELU_NEW
    };

    /**
     * Checks every field.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names the field
     */
    public BridgeTowerConfig {
        FieldRange range = new FieldRange("");
        range.choice("hidden_act", hiddenAct, ACTIVATIONS);
        range.size("hidden_size", hiddenSize);
        range.notNegative("initializer_factor", initializerFactor);
        range.notNegative("layer_norm_eps", layerNormEps);
        Objects.requireNonNull(linkTowerType, "link_tower_type");
        range.count("num_attention_heads", numAttentionHeads);
        range.count("num_hidden_layers", numHiddenLayers);
        range.size("contrastive_hidden_size", contrastiveHiddenSize);
        range.finite("logit_scale_init_value", logitScaleInitValue);
        Objects.requireNonNull(textConfig, "text_config");
        Objects.requireNonNull(visionConfig, "vision_config");
        checkTogether(range, hiddenSize, numHiddenLayers, textConfig, visionConfig);
        otherFields = ConfigFields.frozen(otherFields);
    }

    /** A builder that starts from the defaults of the specification. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The base model: 12 + 12 + 6 layers of width 768, images of 288 pixels in patches of 16. */
    public static BridgeTowerConfig base() {
        return builder()
                .textConfig(BridgeTowerTextConfig.builder().typeVocabSize(1).build())
                .build();
    }

    /** The large model: 24 + 24 + 6 layers of width 1024, images of 294 pixels in patches of 14. */
    public static BridgeTowerConfig large() {
        return builder()
                .hiddenSize(1024)
                .numAttentionHeads(16)
                .textConfig(BridgeTowerTextConfig.builder()
                        .hiddenSize(1024)
                        .numHiddenLayers(24)
                        .numAttentionHeads(16)
                        .intermediateSize(4096)
                        .typeVocabSize(1)
                        .build())
                .visionConfig(BridgeTowerVisionConfig.builder()
                        .hiddenSize(1024)
                        .numHiddenLayers(24)
                        .patchSize(14)
                        .imageSize(294)
                        .build())
                .build();
    }

    /**
     * Reads a config.json. A field that is absent or null has its default; so has a missing {@code text_config} or
     * {@code vision_config}, after their old names {@code text_config_dict} and {@code vision_config_dict}.
     *
     * @param directoryOrFile a config.json, or a directory that holds one
     * @throws MalformedFileException if the file is not JSON, or a field has the wrong type or is out of range
     * @throws IOException if the file cannot be read
     */
    public static BridgeTowerConfig load(Path directoryOrFile) throws IOException {
        return load(directoryOrFile, builder().build());
    }

    /** As above, with defaults of the caller's. */
    public static BridgeTowerConfig load(Path directoryOrFile, BridgeTowerConfig defaults) throws IOException {
        return read(ConfigFields.load(directoryOrFile), defaults);
    }

    /** As {@link #load}, from the text of a config.json. */
    public static BridgeTowerConfig parse(String json) throws MalformedFileException {
        return read(ConfigFields.parse(Path.of("config.json"), json), builder().build());
    }

    private static BridgeTowerConfig read(ConfigFields fields, BridgeTowerConfig defaults)
            throws MalformedFileException {
        String type = fields.modelType(MODEL_TYPE);
        if (!type.equals(MODEL_TYPE)) {
            throw fields.malformed("model_type", "found \"" + type + "\", expected \"" + MODEL_TYPE + "\"");
        }
        return fields.build("", defaults.toBuilder().read(fields)::build);
    }

    /** Number of text layers that run before the first cross-modal layer; each of the rest runs between two of them. */
    public int numUnimodalLayers() {
        return textConfig.numHiddenLayers() - numHiddenLayers + 1;
    }

    /**
     * Number of vision blocks that run: as many as there are text layers, even if more are built. With one cross-modal
     * layer, which no block follows, fewer may be built.
     */
    public int numVisionBlocks() {
        return Math.min(visionConfig.numBlocks(), textConfig.numHiddenLayers());
    }

    /** Number of vision blocks that run before the first cross-modal layer. */
    public int numUnimodalVisionBlocks() {
        return numVisionBlocks() - numHiddenLayers + 1;
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
        json.put("share_cross_modal_transformer_layers", shareCrossModalTransformerLayers);
        json.put("hidden_act", FieldRange.jsonName(hiddenAct));
        json.put("hidden_size", hiddenSize);
        json.put("initializer_factor", initializerFactor);
        json.put("layer_norm_eps", layerNormEps);
        json.put("share_link_tower_layers", shareLinkTowerLayers);
        json.put("link_tower_type", FieldRange.jsonName(linkTowerType));
        json.put("num_attention_heads", numAttentionHeads);
        json.put("num_hidden_layers", numHiddenLayers);
        json.put("tie_word_embeddings", tieWordEmbeddings);
        json.put("init_layernorm_from_vision_encoder", initLayernormFromVisionEncoder);
        json.put("contrastive_hidden_size", contrastiveHiddenSize);
        json.put("logit_scale_init_value", logitScaleInitValue);
        json.put("text_config", textConfig.fields());
        json.put("vision_config", visionConfig.fields());
        return json;
    }

    private static void checkTogether(
            FieldRange range, int hiddenSize, int layers, BridgeTowerTextConfig text, BridgeTowerVisionConfig vision) {
        if (text.hiddenSize() != hiddenSize) {
            range.fail(
                    "hidden_size",
                    "found " + hiddenSize + ", expected text_config.hidden_size " + text.hiddenSize()
                            + ": the cross-modal layers are built from it");
        }
        if (layers > text.numHiddenLayers() + 1) {
            range.fail(
                    "num_hidden_layers",
                    "found " + layers + ", expected at most text_config.num_hidden_layers + 1, "
                            + (text.numHiddenLayers() + 1));
        }
        if (layers > 1 && vision.numBlocks() < text.numHiddenLayers()) {
            range.fail(
                    "vision_config.num_hidden_layers",
                    "builds " + vision.numBlocks() + " blocks, expected at least text_config.num_hidden_layers "
                            + text.numHiddenLayers() + ", as num_hidden_layers is more than 1");
        }
    }

    /** Sets what differs from the defaults. */
    public static final class Builder {
        private boolean shareCrossModalTransformerLayers = true;
        private Activation hiddenAct = Activation.GELU;
        private int hiddenSize = 768;
        private double initializerFactor = 1;
        private double layerNormEps = 1e-5;
        private boolean shareLinkTowerLayers = false;
        private LinkTowerType linkTowerType = LinkTowerType.ADD;
        private int numAttentionHeads = 12;
        private int numHiddenLayers = 6;
        private boolean tieWordEmbeddings = false;
        private boolean initLayernormFromVisionEncoder = false;
        private int contrastiveHiddenSize = 512;
        private double logitScaleInitValue = 2.6592;
        private BridgeTowerTextConfig textConfig =
                BridgeTowerTextConfig.builder().build();
        private BridgeTowerVisionConfig visionConfig =
                BridgeTowerVisionConfig.builder().build();
        private final Map<String, Object> otherFields = new TreeMap<>();

        private Builder() {}

        private Builder(BridgeTowerConfig config) {
            shareCrossModalTransformerLayers = config.shareCrossModalTransformerLayers;
            hiddenAct = config.hiddenAct;
            hiddenSize = config.hiddenSize;
            initializerFactor = config.initializerFactor;
            layerNormEps = config.layerNormEps;
            shareLinkTowerLayers = config.shareLinkTowerLayers;
            linkTowerType = config.linkTowerType;
            numAttentionHeads = config.numAttentionHeads;
            numHiddenLayers = config.numHiddenLayers;
            tieWordEmbeddings = config.tieWordEmbeddings;
            initLayernormFromVisionEncoder = config.initLayernormFromVisionEncoder;
            contrastiveHiddenSize = config.contrastiveHiddenSize;
            logitScaleInitValue = config.logitScaleInitValue;
            textConfig = config.textConfig;
            visionConfig = config.visionConfig;
            otherFields.putAll(config.otherFields);
        }

        private Builder read(ConfigFields fields) throws MalformedFileException {
            shareCrossModalTransformerLayers =
                    fields.flag("share_cross_modal_transformer_layers", shareCrossModalTransformerLayers);
            hiddenAct = fields.choice("hidden_act", hiddenAct, ACTIVATIONS);
            hiddenSize = fields.integer("hidden_size", hiddenSize);
            initializerFactor = fields.number("initializer_factor", initializerFactor);
            layerNormEps = fields.number("layer_norm_eps", layerNormEps);
            shareLinkTowerLayers = fields.flag("share_link_tower_layers", shareLinkTowerLayers);
            linkTowerType = fields.choice("link_tower_type", linkTowerType, LinkTowerType.values());
            numAttentionHeads = fields.integer("num_attention_heads", numAttentionHeads);
            numHiddenLayers = fields.integer("num_hidden_layers", numHiddenLayers);
            tieWordEmbeddings = fields.flag("tie_word_embeddings", tieWordEmbeddings);
            initLayernormFromVisionEncoder =
                    fields.flag("init_layernorm_from_vision_encoder", initLayernormFromVisionEncoder);
            contrastiveHiddenSize = fields.integer("contrastive_hidden_size", contrastiveHiddenSize);
            logitScaleInitValue = fields.number("logit_scale_init_value", logitScaleInitValue);
            ConfigFields text = fields.object("text_config", "text_config_dict");
            if (text != null) textConfig = BridgeTowerTextConfig.section(text, textConfig);
            ConfigFields vision = fields.object("vision_config", "vision_config_dict");
            if (vision != null) visionConfig = BridgeTowerVisionConfig.section(vision);
            otherFields.putAll(fields.others());
            return this;
        }

        /** @see BridgeTowerConfig#shareCrossModalTransformerLayers */
        public Builder shareCrossModalTransformerLayers(boolean value) {
            shareCrossModalTransformerLayers = value;
            return this;
        }

        /** @see BridgeTowerConfig#hiddenAct */
        public Builder hiddenAct(Activation value) {
            hiddenAct = value;
            return this;
        }

        /** @see BridgeTowerConfig#hiddenSize */
        public Builder hiddenSize(int value) {
            hiddenSize = value;
            return this;
        }

        /** @see BridgeTowerConfig#initializerFactor */
        public Builder initializerFactor(double value) {
            initializerFactor = value;
            return this;
        }

        /** @see BridgeTowerConfig#layerNormEps */
        public Builder layerNormEps(double value) {
            layerNormEps = value;
            return this;
        }

        /** @see BridgeTowerConfig#shareLinkTowerLayers */
        public Builder shareLinkTowerLayers(boolean value) {
            shareLinkTowerLayers = value;
            return this;
        }

        /** @see BridgeTowerConfig#linkTowerType */
        public Builder linkTowerType(LinkTowerType value) {
            linkTowerType = value;
            return this;
        }

        /** @see BridgeTowerConfig#numAttentionHeads */
        public Builder numAttentionHeads(int value) {
            numAttentionHeads = value;
            return this;
        }

        /** @see BridgeTowerConfig#numHiddenLayers */
        public Builder numHiddenLayers(int value) {
            numHiddenLayers = value;
            return this;
        }

        /** @see BridgeTowerConfig#tieWordEmbeddings */
        public Builder tieWordEmbeddings(boolean value) {
            tieWordEmbeddings = value;
            return this;
        }

        /** @see BridgeTowerConfig#initLayernormFromVisionEncoder */
        public Builder initLayernormFromVisionEncoder(boolean value) {
            initLayernormFromVisionEncoder = value;
            return this;
        }

        /** @see BridgeTowerConfig#contrastiveHiddenSize */
        public Builder contrastiveHiddenSize(int value) {
            contrastiveHiddenSize = value;
            return this;
        }

        /** @see BridgeTowerConfig#logitScaleInitValue */
        public Builder logitScaleInitValue(double value) {
            logitScaleInitValue = value;
            return this;
        }

        /** @see BridgeTowerConfig#textConfig */
        public Builder textConfig(BridgeTowerTextConfig value) {
            textConfig = value;
            return this;
        }

        /** @see BridgeTowerConfig#visionConfig */
        public Builder visionConfig(BridgeTowerVisionConfig value) {
            visionConfig = value;
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
        public BridgeTowerConfig build() {
            return new BridgeTowerConfig(
                    shareCrossModalTransformerLayers,
                    hiddenAct,
                    hiddenSize,
                    initializerFactor,
                    layerNormEps,
                    shareLinkTowerLayers,
                    linkTowerType,
                    numAttentionHeads,
                    numHiddenLayers,
                    tieWordEmbeddings,
                    initLayernormFromVisionEncoder,
                    contrastiveHiddenSize,
                    logitScaleInitValue,
                    textConfig,
                    visionConfig,
                    otherFields);
        }
    }
}
