package io.bridgetower.model.config;

import io.bridgetower.engine.Activation;
import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.JsonWriter;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The text tower's dimensions and options, and those of the cross-modal layers, which are built from them. Immutable.
 * Defaults are those of the base model.
 *
 * @param vocabSize rows of the word embedding
 * @param hiddenSize width of the layers
 * @param numHiddenLayers number of layers; may be 0 where there is one cross-modal layer
 * @param numAttentionHeads attention heads per layer; a divisor of the hidden size
 * @param intermediateSize inner width of the feed-forward blocks
 * @param hiddenAct activation of the feed-forward blocks: GELU, RELU, SILU or GELU_NEW
 * @param hiddenDropoutProb dropout after each block; only training uses it
 * @param attentionProbsDropoutProb dropout of attention probabilities; only training uses it
 * @param maxPositionEmbeddings rows of the position embedding: the padding row and those before it included
 * @param typeVocabSize rows of the token type embedding; a {@code Checkpoint} whose config.json leaves it out has as many
 *     as its weights
 * @param initializerFactor scale of randomly initialised weights
 * @param layerNormEps epsilon of the LayerNorms, the cross-modal layers' included
 * @param positionEmbeddingType where positions come in
 * @param isDecoder whether self-attention is causal
 * @param addCrossAttention whether a decoder layer has a cross-attention block
 * @param useCache whether a decoder returns keys and values
 * @param padTokenId token that positions skip; a row of the word embedding
 * @param bosTokenId token that starts a text
 * @param eosTokenIds tokens that end a text, one or more
 * @param otherFields what a file holds beyond these, as null, Boolean, String, Long, BigInteger, Double, List or Map;
 *     written back by {@link #toJson}
 */
public record BridgeTowerTextConfig(
        int vocabSize,
        int hiddenSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int intermediateSize,
        Activation hiddenAct,
        double hiddenDropoutProb,
        double attentionProbsDropoutProb,
        int maxPositionEmbeddings,
        int typeVocabSize,
        double initializerFactor,
        double layerNormEps,
        PositionEmbeddingType positionEmbeddingType,
        boolean isDecoder,
        boolean addCrossAttention,
        boolean useCache,
        int padTokenId,
        int bosTokenId,
        List<Integer> eosTokenIds,
        Map<String, Object> otherFields) {
    /** The {@code model_type} of its config.json. */
    static final String MODEL_TYPE = "bridgetower_text_model";

    private static final Activation[] ACTIVATIONS = {
        Activation.GELU, Activation.RELU, Activation.SILU, Activation.GELU_NEW
    };

    /**
     * Checks every field.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names the field
     */
    public BridgeTowerTextConfig {
        FieldRange range = new FieldRange("text_config.");
        range.size("vocab_size", vocabSize);
        range.size("hidden_size", hiddenSize);
        range.integer("num_hidden_layers", numHiddenLayers, 0, FieldRange.MAX_COUNT);
        range.count("num_attention_heads", numAttentionHeads);
        range.size("intermediate_size", intermediateSize);
        range.choice("hidden_act", hiddenAct, ACTIVATIONS);
        range.probability("hidden_dropout_prob", hiddenDropoutProb);
        range.probability("attention_probs_dropout_prob", attentionProbsDropoutProb);
        range.size("max_position_embeddings", maxPositionEmbeddings);
        range.size("type_vocab_size", typeVocabSize);
        range.notNegative("initializer_factor", initializerFactor);
        range.notNegative("layer_norm_eps", layerNormEps);
        Objects.requireNonNull(positionEmbeddingType, "position_embedding_type");
        range.integer("pad_token_id", padTokenId, 0, vocabSize - 1);
        range.integer("bos_token_id", bosTokenId, 0, Integer.MAX_VALUE);
        eosTokenIds = List.copyOf(eosTokenIds);
        if (eosTokenIds.isEmpty()) range.fail("eos_token_id", "found no token, expected one or more");
        for (int id : eosTokenIds) range.integer("eos_token_id", id, 0, Integer.MAX_VALUE);
        if (hiddenSize % numAttentionHeads != 0) {
            range.fail(
                    "hidden_size",
                    "found " + hiddenSize + ", expected a multiple of num_attention_heads " + numAttentionHeads);
        }
        otherFields = ConfigFields.frozen(otherFields);
    }

    /**
     * Length of the longest text, padding left out: with absolute positions they count from {@code padTokenId + 1} to
     * the last row of the position embedding, with relative ones a distance may be as long as there are rows.
     */
    public int maxTokens() {
        return switch (positionEmbeddingType) {
            case ABSOLUTE -> Math.max(0, maxPositionEmbeddings - padTokenId - 1);
            case RELATIVE_KEY, RELATIVE_KEY_QUERY -> maxPositionEmbeddings;
        };
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
     * Reads the text configuration of a model directory: its {@code text_config}, or the whole file if it is that of a
     * standalone text model. A field that is absent or null has its default.
     *
     * @param directoryOrFile a config.json, or a directory that holds one
     * @throws MalformedFileException if the file is not JSON, or a field has the wrong type or is out of range
     * @throws IOException if the file cannot be read
     */
    public static BridgeTowerTextConfig load(Path directoryOrFile) throws IOException {
        return load(directoryOrFile, builder().build());
    }

    /** As above, with defaults of the caller's. */
    public static BridgeTowerTextConfig load(Path directoryOrFile, BridgeTowerTextConfig defaults) throws IOException {
        return read(ConfigFields.load(directoryOrFile), defaults);
    }

    /** As {@link #load}, from the text of a config.json. */
    public static BridgeTowerTextConfig parse(String json) throws MalformedFileException {
        return read(ConfigFields.parse(Path.of("config.json"), json), builder().build());
    }

    /** From the fields of a whole config.json. */
    private static BridgeTowerTextConfig read(ConfigFields file, BridgeTowerTextConfig defaults)
            throws MalformedFileException {
        String type = file.modelType(MODEL_TYPE);
        if (type.equals(MODEL_TYPE) && !file.has("text_config")) return section(file, defaults);
        if (type.equals(MODEL_TYPE) || type.equals(BridgeTowerConfig.MODEL_TYPE)) {
            ConfigFields section = file.object("text_config", "text_config_dict");
            return section == null ? defaults : section(section, defaults);
        }
        throw file.malformed(
                "model_type",
                "found \"" + type + "\", expected \"" + BridgeTowerConfig.MODEL_TYPE + "\" or \"" + MODEL_TYPE + "\"");
    }

    /** From the fields of this configuration alone. */
    static BridgeTowerTextConfig section(ConfigFields fields, BridgeTowerTextConfig defaults)
            throws MalformedFileException {
        return fields.build("text_config.", defaults.toBuilder().read(fields)::build);
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
        json.put("vocab_size", vocabSize);
        json.put("hidden_size", hiddenSize);
        json.put("num_hidden_layers", numHiddenLayers);
        json.put("num_attention_heads", numAttentionHeads);
        json.put("intermediate_size", intermediateSize);
        json.put("hidden_act", FieldRange.jsonName(hiddenAct));
        json.put("hidden_dropout_prob", hiddenDropoutProb);
        json.put("attention_probs_dropout_prob", attentionProbsDropoutProb);
        json.put("max_position_embeddings", maxPositionEmbeddings);
        json.put("type_vocab_size", typeVocabSize);
        json.put("initializer_factor", initializerFactor);
        json.put("layer_norm_eps", layerNormEps);
        json.put("position_embedding_type", FieldRange.jsonName(positionEmbeddingType));
        json.put("is_decoder", isDecoder);
        json.put("add_cross_attention", addCrossAttention);
        json.put("use_cache", useCache);
        json.put("pad_token_id", padTokenId);
        json.put("bos_token_id", bosTokenId);
        json.put("eos_token_id", eosTokenIds.size() == 1 ? eosTokenIds.getFirst() : eosTokenIds);
        return json;
    }

    /** Sets what differs from the defaults. */
    public static final class Builder {
        private int vocabSize = 50265;
        private int hiddenSize = 768;
        private int numHiddenLayers = 12;
        private int numAttentionHeads = 12;
        private int intermediateSize = 3072;
        private Activation hiddenAct = Activation.GELU;
        private double hiddenDropoutProb = 0.1;
        private double attentionProbsDropoutProb = 0.1;
        private int maxPositionEmbeddings = 514;
        private int typeVocabSize = 2;
        private double initializerFactor = 1;
        private double layerNormEps = 1e-5;
        private PositionEmbeddingType positionEmbeddingType = PositionEmbeddingType.ABSOLUTE;
        private boolean isDecoder = false;
        private boolean addCrossAttention = false;
        private boolean useCache = true;
        private int padTokenId = 1;
        private int bosTokenId = 0;
        private List<Integer> eosTokenIds = List.of(2);
        private final Map<String, Object> otherFields = new TreeMap<>();

        private Builder() {}

        private Builder(BridgeTowerTextConfig config) {
            vocabSize = config.vocabSize;
            hiddenSize = config.hiddenSize;
            numHiddenLayers = config.numHiddenLayers;
            numAttentionHeads = config.numAttentionHeads;
            intermediateSize = config.intermediateSize;
            hiddenAct = config.hiddenAct;
            hiddenDropoutProb = config.hiddenDropoutProb;
            attentionProbsDropoutProb = config.attentionProbsDropoutProb;
            maxPositionEmbeddings = config.maxPositionEmbeddings;
            typeVocabSize = config.typeVocabSize;
            initializerFactor = config.initializerFactor;
            layerNormEps = config.layerNormEps;
            positionEmbeddingType = config.positionEmbeddingType;
            isDecoder = config.isDecoder;
            addCrossAttention = config.addCrossAttention;
            useCache = config.useCache;
            padTokenId = config.padTokenId;
            bosTokenId = config.bosTokenId;
            eosTokenIds = config.eosTokenIds;
            otherFields.putAll(config.otherFields);
        }

        private Builder read(ConfigFields fields) throws MalformedFileException {
            vocabSize = fields.integer("vocab_size", vocabSize);
            hiddenSize = fields.integer("hidden_size", hiddenSize);
            numHiddenLayers = fields.integer("num_hidden_layers", numHiddenLayers);
            numAttentionHeads = fields.integer("num_attention_heads", numAttentionHeads);
            intermediateSize = fields.integer("intermediate_size", intermediateSize);
            hiddenAct = fields.choice("hidden_act", hiddenAct, ACTIVATIONS);
            hiddenDropoutProb = fields.number("hidden_dropout_prob", hiddenDropoutProb);
            attentionProbsDropoutProb = fields.number("attention_probs_dropout_prob", attentionProbsDropoutProb);
            maxPositionEmbeddings = fields.integer("max_position_embeddings", maxPositionEmbeddings);
            typeVocabSize = fields.integer("type_vocab_size", typeVocabSize);
            initializerFactor = fields.number("initializer_factor", initializerFactor);
            layerNormEps = fields.number("layer_norm_eps", layerNormEps);
            positionEmbeddingType =
                    fields.choice("position_embedding_type", positionEmbeddingType, PositionEmbeddingType.values());
            isDecoder = fields.flag("is_decoder", isDecoder);
            addCrossAttention = fields.flag("add_cross_attention", addCrossAttention);
            useCache = fields.flag("use_cache", useCache);
            padTokenId = fields.integer("pad_token_id", padTokenId);
            bosTokenId = fields.integer("bos_token_id", bosTokenId);
            eosTokenIds = fields.integers("eos_token_id", eosTokenIds);
            otherFields.putAll(fields.others());
            return this;
        }

        /** @see BridgeTowerTextConfig#vocabSize */
        public Builder vocabSize(int value) {
            vocabSize = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#hiddenSize */
        public Builder hiddenSize(int value) {
            hiddenSize = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#numHiddenLayers */
        public Builder numHiddenLayers(int value) {
            numHiddenLayers = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#numAttentionHeads */
        public Builder numAttentionHeads(int value) {
            numAttentionHeads = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#intermediateSize */
        public Builder intermediateSize(int value) {
            intermediateSize = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#hiddenAct */
        public Builder hiddenAct(Activation value) {
            hiddenAct = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#hiddenDropoutProb */
        public Builder hiddenDropoutProb(double value) {
            hiddenDropoutProb = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#attentionProbsDropoutProb */
        public Builder attentionProbsDropoutProb(double value) {
            attentionProbsDropoutProb = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#maxPositionEmbeddings */
        public Builder maxPositionEmbeddings(int value) {
            maxPositionEmbeddings = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#typeVocabSize */
        public Builder typeVocabSize(int value) {
            typeVocabSize = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#initializerFactor */
        public Builder initializerFactor(double value) {
            initializerFactor = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#layerNormEps */
        public Builder layerNormEps(double value) {
            layerNormEps = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#positionEmbeddingType */
        public Builder positionEmbeddingType(PositionEmbeddingType value) {
            positionEmbeddingType = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#isDecoder */
        public Builder isDecoder(boolean value) {
            isDecoder = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#addCrossAttention */
        public Builder addCrossAttention(boolean value) {
            addCrossAttention = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#useCache */
        public Builder useCache(boolean value) {
            useCache = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#padTokenId */
        public Builder padTokenId(int value) {
            padTokenId = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#bosTokenId */
        public Builder bosTokenId(int value) {
            bosTokenId = value;
            return this;
        }

        /** @see BridgeTowerTextConfig#eosTokenIds */
        public Builder eosTokenIds(List<Integer> value) {
            eosTokenIds = value;
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
        public BridgeTowerTextConfig build() {
            return new BridgeTowerTextConfig(
                    vocabSize,
                    hiddenSize,
                    numHiddenLayers,
                    numAttentionHeads,
                    intermediateSize,
                    hiddenAct,
                    hiddenDropoutProb,
                    attentionProbsDropoutProb,
                    maxPositionEmbeddings,
                    typeVocabSize,
                    initializerFactor,
                    layerNormEps,
                    positionEmbeddingType,
                    isDecoder,
                    addCrossAttention,
                    useCache,
                    padTokenId,
                    bosTokenId,
                    eosTokenIds,
                    otherFields);
        }
    }
}
