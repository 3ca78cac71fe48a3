package io.bridgetower.model.config;

import io.bridgetower.engine.Activation;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** The whole model's dimensions and options. Immutable. Defaults are those of the base model. */
public final class BridgeTowerConfig extends Config {
    /** The {@code model_type} of its config.json. */
    static final String MODEL_TYPE = "bridgetower";

    /** The most that {@code head_hidden_scale} may be. */
    public static final int MAX_HEAD_HIDDEN_SCALE = 64;

    private static final FieldTable FIELDS = new FieldTable("", MODEL_TYPE);
    private static final Field<Boolean> SHARE_CROSS_MODAL_TRANSFORMER_LAYERS =
            FIELDS.flag("share_cross_modal_transformer_layers", true);
    private static final Field<Activation> HIDDEN_ACT = FIELDS.activation("hidden_act", Activation.GELU);
    private static final Field<Integer> HIDDEN_SIZE = FIELDS.size("hidden_size", 768);
    private static final Field<Double> INITIALIZER_FACTOR = FIELDS.notNegative("initializer_factor", 1);
    private static final Field<Double> LAYER_NORM_EPS = FIELDS.notNegative("layer_norm_eps", 1e-5);
    private static final Field<Boolean> SHARE_LINK_TOWER_LAYERS = FIELDS.flag("share_link_tower_layers", false);
    private static final Field<LinkTowerType> LINK_TOWER_TYPE =
            FIELDS.choice("link_tower_type", LinkTowerType.ADD, LinkTowerType.values());
    private static final Field<Integer> NUM_ATTENTION_HEADS = FIELDS.count("num_attention_heads", 12);
    private static final Field<Integer> NUM_HIDDEN_LAYERS = FIELDS.count("num_hidden_layers", 6);
    private static final Field<Boolean> TIE_WORD_EMBEDDINGS = FIELDS.flag("tie_word_embeddings", false);
    private static final Field<Boolean> INIT_LAYERNORM_FROM_VISION_ENCODER =
            FIELDS.flag("init_layernorm_from_vision_encoder", false);
    private static final Field<Integer> CONTRASTIVE_HIDDEN_SIZE = FIELDS.size("contrastive_hidden_size", 512);
    private static final Field<Double> LOGIT_SCALE_INIT_VALUE = FIELDS.finite("logit_scale_init_value", 2.6592);
    private static final Field<ContrastiveForm> CONTRASTIVE_FORM =
            FIELDS.ours(FIELDS.choice("contrastive_form", ContrastiveForm.TRANSFORMERS, ContrastiveForm.values()));
    private static final Field<OptionalDouble> CROSS_MODAL_LAYER_NORM_EPS =
            FIELDS.ours(FIELDS.optional("cross_modal_layer_norm_eps"));
    private static final Field<Integer> MODALITY_TYPE_VOCAB_SIZE =
            FIELDS.ours(FIELDS.integer("modality_type_vocab_size", 2, 2, FieldRange.MAX_COUNT));
    private static final Field<Integer> TASK_HEAD_LAYERS = FIELDS.ours(FIELDS.integer("task_head_layers", 2, 1, 2));
    private static final Field<Integer> HEAD_HIDDEN_SCALE =
            FIELDS.ours(FIELDS.integer("head_hidden_scale", 1, 1, MAX_HEAD_HIDDEN_SCALE));
    private static final Field<Integer> NUM_LABELS = FIELDS.ours(FIELDS.size("num_labels", 3129));
    private static final Field<BridgeTowerTextConfig> TEXT_CONFIG = FIELDS.section(
            "text_config", "text_config_dict", BridgeTowerTextConfig.builder().build(), BridgeTowerTextConfig::section);
    private static final Field<BridgeTowerVisionConfig> VISION_CONFIG = FIELDS.section(
            "vision_config",
            "vision_config_dict",
            BridgeTowerVisionConfig.builder().build(),
            BridgeTowerVisionConfig::section);

    private BridgeTowerConfig(FieldValues values) {
        super(FIELDS, values);
        FieldRange range = FIELDS.range();
        int layers = numHiddenLayers();
        int textLayers = textConfig().numHiddenLayers();
        if (textConfig().hiddenSize() != hiddenSize()) {
            range.fail(
                    "hidden_size",
                    "found " + hiddenSize() + ", expected text_config.hidden_size "
                            + textConfig().hiddenSize() + ": the cross-modal layers are built from it");
        }
        if (layers > textLayers + 1) {
            range.fail(
                    "num_hidden_layers",
                    "found " + layers + ", expected at most text_config.num_hidden_layers + 1, " + (textLayers + 1));
        }
        if (layers > 1 && visionConfig().numBlocks() < textLayers) {
            range.fail(
                    "vision_config.num_hidden_layers",
                    "builds " + visionConfig().numBlocks() + " blocks, expected at least text_config.num_hidden_layers "
                            + textLayers + ", as num_hidden_layers is more than 1");
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

    /** The base model: 12 + 12 + 6 layers of width 768, images of 288 pixels in patches of 16. */
    public static BridgeTowerConfig base() {
        return Presets.base();
    }

    /** The large model: 24 + 24 + 6 layers of width 1024, images of 294 pixels in patches of 14. */
    public static BridgeTowerConfig large() {
        return Presets.large();
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

    private static BridgeTowerConfig read(ConfigFields file, BridgeTowerConfig defaults) throws MalformedFileException {
        String type = file.modelType(MODEL_TYPE);
        if (!type.equals(MODEL_TYPE)) {
            throw file.malformed("model_type", "found \"" + type + "\", expected \"" + MODEL_TYPE + "\"");
        }
        FieldValues values = FIELDS.read(file, defaults.values());
        return file.build("", () -> new BridgeTowerConfig(values));
    }

    /** Number of text layers that run before the first cross-modal layer; each of the rest runs between two of them. */
    public int numUnimodalLayers() {
        return textConfig().numHiddenLayers() - numHiddenLayers() + 1;
    }

    /**
     * Number of vision blocks that run: as many as there are text layers, even if more are built. With one cross-modal
     * layer, which no block follows, fewer may be built.
     */
    public int numVisionBlocks() {
        return Math.min(visionConfig().numBlocks(), textConfig().numHiddenLayers());
    }

    /** Number of vision blocks that run before the first cross-modal layer. */
    public int numUnimodalVisionBlocks() {
        return numVisionBlocks() - numHiddenLayers() + 1;
    }

    /** Whether all bridges of a side share one transform. */
    public boolean shareCrossModalTransformerLayers() {
        return get(SHARE_CROSS_MODAL_TRANSFORMER_LAYERS);
    }

    /** Activation of the masked-LM head: GELU, RELU, SILU or GELU_NEW. */
    public Activation hiddenAct() {
        return get(HIDDEN_ACT);
    }

    /** Width of the cross-modal layers; equal to the text width. */
    public int hiddenSize() {
        return get(HIDDEN_SIZE);
    }

    /** Scale of randomly initialised weights. */
    public double initializerFactor() {
        return get(INITIALIZER_FACTOR);
    }

    /** Epsilon of the link towers, the cross-modal layernorms and the masked-LM head. */
    public double layerNormEps() {
        return get(LAYER_NORM_EPS);
    }

    /** Whether all bridges of a side share one link tower. */
    public boolean shareLinkTowerLayers() {
        return get(SHARE_LINK_TOWER_LAYERS);
    }

    /** How a bridge joins its two inputs. */
    public LinkTowerType linkTowerType() {
        return get(LINK_TOWER_TYPE);
    }

    /** Kept for completeness: the cross-modal layers have as many heads as the text layers. */
    public int numAttentionHeads() {
        return get(NUM_ATTENTION_HEADS);
    }

    /** Number of cross-modal layers. */
    public int numHiddenLayers() {
        return get(NUM_HIDDEN_LAYERS);
    }

    /** Whether the masked-LM decoder weight is the word embedding. */
    public boolean tieWordEmbeddings() {
        return get(TIE_WORD_EMBEDDINGS);
    }

    /** Whether training starts from the vision tower's final LayerNorm. */
    public boolean initLayernormFromVisionEncoder() {
        return get(INIT_LAYERNORM_FROM_VISION_ENCODER);
    }

    /** Width of the contrastive embeddings. */
    public int contrastiveHiddenSize() {
        return get(CONTRASTIVE_HIDDEN_SIZE);
    }

    /** Initial logarithm of the contrastive temperature's inverse. */
    public double logitScaleInitValue() {
        return get(LOGIT_SCALE_INIT_VALUE);
    }

    /** What contrastive vectors are made from. */
    public ContrastiveForm contrastiveForm() {
        return get(CONTRASTIVE_FORM);
    }

    /** Epsilon of the cross-modal layers and the masked-LM head, if it is not that of their parts of the model. */
    public OptionalDouble crossModalLayerNormEps() {
        return get(CROSS_MODAL_LAYER_NORM_EPS);
    }

    /** Rows of the token type embeddings: one for texts and one for each image of a pair. */
    public int modalityTypeVocabSize() {
        return get(MODALITY_TYPE_VOCAB_SIZE);
    }

    /** Linear layers of a {@link TaskHead}: 1 or 2. */
    public int taskHeadLayers() {
        return get(TASK_HEAD_LAYERS);
    }

    /** Width between the two layers of a {@link TaskHead}, in units of a pooled text and image. */
    public int headHiddenScale() {
        return get(HEAD_HIDDEN_SCALE);
    }

    /** Number of answers where {@link #labels} are not named. */
    public int numLabels() {
        return get(NUM_LABELS);
    }

    /** The classes that the checkpoint is of, by their names in Transformers; none where config.json does not tell. */
    public List<String> architectures() {
        return Labels.architectures(otherFields());
    }

    /**
     * The names of the outputs of the architecture's head, {@code id2label}; none where config.json does not tell.
     *
     * @throws InvalidFieldException if not every index from 0 has a name
     */
    public List<String> labels() {
        return Labels.read(otherFields());
    }

    /** The text tower and the cross-modal layers. */
    public BridgeTowerTextConfig textConfig() {
        return get(TEXT_CONFIG);
    }

    /** The vision tower. */
    public BridgeTowerVisionConfig visionConfig() {
        return get(VISION_CONFIG);
    }

    /** Sets what differs from the defaults. Each method sets the field whose accessor has its name. */
    public static final class Builder {
        private FieldValues values;

        private Builder(FieldValues values) {
            this.values = values;
        }

        public Builder shareCrossModalTransformerLayers(boolean value) {
            return set(SHARE_CROSS_MODAL_TRANSFORMER_LAYERS, value);
        }

        public Builder hiddenAct(Activation value) {
            return set(HIDDEN_ACT, value);
        }

        public Builder hiddenSize(int value) {
            return set(HIDDEN_SIZE, value);
        }

        public Builder initializerFactor(double value) {
            return set(INITIALIZER_FACTOR, value);
        }

        public Builder layerNormEps(double value) {
            return set(LAYER_NORM_EPS, value);
        }

        public Builder shareLinkTowerLayers(boolean value) {
            return set(SHARE_LINK_TOWER_LAYERS, value);
        }

        public Builder linkTowerType(LinkTowerType value) {
            return set(LINK_TOWER_TYPE, value);
        }

        public Builder numAttentionHeads(int value) {
            return set(NUM_ATTENTION_HEADS, value);
        }

        public Builder numHiddenLayers(int value) {
            return set(NUM_HIDDEN_LAYERS, value);
        }

        public Builder tieWordEmbeddings(boolean value) {
            return set(TIE_WORD_EMBEDDINGS, value);
        }

        public Builder initLayernormFromVisionEncoder(boolean value) {
            return set(INIT_LAYERNORM_FROM_VISION_ENCODER, value);
        }

        public Builder contrastiveHiddenSize(int value) {
            return set(CONTRASTIVE_HIDDEN_SIZE, value);
        }

        public Builder logitScaleInitValue(double value) {
            return set(LOGIT_SCALE_INIT_VALUE, value);
        }

        public Builder contrastiveForm(ContrastiveForm value) {
            return set(CONTRASTIVE_FORM, value);
        }

        public Builder crossModalLayerNormEps(double value) {
            return set(CROSS_MODAL_LAYER_NORM_EPS, OptionalDouble.of(value));
        }

        public Builder modalityTypeVocabSize(int value) {
            return set(MODALITY_TYPE_VOCAB_SIZE, value);
        }

        public Builder taskHeadLayers(int value) {
            return set(TASK_HEAD_LAYERS, value);
        }

        public Builder headHiddenScale(int value) {
            return set(HEAD_HIDDEN_SCALE, value);
        }

        public Builder numLabels(int value) {
            return set(NUM_LABELS, value);
        }

        /** The one class that the checkpoint is of. */
        public Builder architecture(String name) {
            return otherField(Labels.ARCHITECTURES, List.of(name));
        }

        public Builder labels(List<String> names) {
            Labels.fields(names).forEach(this::otherField);
            return this;
        }

        public Builder textConfig(BridgeTowerTextConfig value) {
            return set(TEXT_CONFIG, value);
        }

        public Builder visionConfig(BridgeTowerVisionConfig value) {
            return set(VISION_CONFIG, value);
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
        public BridgeTowerConfig build() {
            return new BridgeTowerConfig(values);
        }

        private <T> Builder set(Field<T> field, T value) {
            values = values.with(field, value);
            return this;
        }
    }
}
