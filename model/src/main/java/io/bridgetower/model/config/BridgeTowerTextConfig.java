package io.bridgetower.model.config;

import io.bridgetower.engine.Activation;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The text tower's dimensions and options, and those of the cross-modal layers, which are built from them. Immutable.
 * Defaults are those of the base model.
 */
public final class BridgeTowerTextConfig extends Config {
    /** The {@code model_type} of its config.json. */
    static final String MODEL_TYPE = "bridgetower_text_model";

    private static final FieldTable FIELDS = new FieldTable("text_config.", MODEL_TYPE);
    private static final Field<Integer> VOCAB_SIZE = FIELDS.size("vocab_size", 50265);
    private static final Field<Integer> HIDDEN_SIZE = FIELDS.size("hidden_size", 768);
    private static final Field<Integer> NUM_HIDDEN_LAYERS =
            FIELDS.integer("num_hidden_layers", 12, 0, FieldRange.MAX_COUNT);
    private static final Field<Integer> NUM_ATTENTION_HEADS = FIELDS.count("num_attention_heads", 12);
    private static final Field<Integer> INTERMEDIATE_SIZE = FIELDS.size("intermediate_size", 3072);
    private static final Field<Activation> HIDDEN_ACT = FIELDS.activation("hidden_act", Activation.GELU);
    private static final Field<Double> HIDDEN_DROPOUT_PROB = FIELDS.probability("hidden_dropout_prob", 0.1);
    private static final Field<Double> ATTENTION_PROBS_DROPOUT_PROB =
            FIELDS.probability("attention_probs_dropout_prob", 0.1);
    private static final Field<Integer> MAX_POSITION_EMBEDDINGS = FIELDS.size("max_position_embeddings", 514);
    private static final Field<Integer> TYPE_VOCAB_SIZE = FIELDS.size("type_vocab_size", 2);
    private static final Field<Double> INITIALIZER_FACTOR = FIELDS.notNegative("initializer_factor", 1);
    private static final Field<Double> LAYER_NORM_EPS = FIELDS.notNegative("layer_norm_eps", 1e-5);
    private static final Field<PositionEmbeddingType> POSITION_EMBEDDING_TYPE =
            FIELDS.choice("position_embedding_type", PositionEmbeddingType.ABSOLUTE, PositionEmbeddingType.values());
    private static final Field<Boolean> IS_DECODER = FIELDS.flag("is_decoder", false);
    private static final Field<Boolean> ADD_CROSS_ATTENTION = FIELDS.flag("add_cross_attention", false);
    private static final Field<Boolean> USE_CACHE = FIELDS.flag("use_cache", true);
    /** The constructor checks it against the size of the vocabulary. */
    private static final Field<Integer> PAD_TOKEN_ID =
            FIELDS.integer("pad_token_id", 1, Integer.MIN_VALUE, Integer.MAX_VALUE);

    private static final Field<Integer> BOS_TOKEN_ID = FIELDS.integer("bos_token_id", 0, 0, Integer.MAX_VALUE);
    private static final Field<List<Integer>> EOS_TOKEN_IDS = FIELDS.add(
            "eos_token_id",
            List.of(2),
            ConfigFields::integers,
            BridgeTowerTextConfig::checkTokens,
            ids -> ids.size() == 1 ? ids.getFirst() : ids);

    private BridgeTowerTextConfig(FieldValues values) {
        super(FIELDS, values);
        FieldRange range = FIELDS.range();
        range.integer("pad_token_id", padTokenId(), 0, vocabSize() - 1);
        if (hiddenSize() % numAttentionHeads() != 0) {
            range.fail(
                    "hidden_size",
                    "found " + hiddenSize() + ", expected a multiple of num_attention_heads " + numAttentionHeads());
        }
    }

    private static void checkTokens(FieldRange range, String name, List<Integer> ids) {
        if (ids.isEmpty()) range.fail(name, "found no token, expected one or more");
        for (int id : ids) range.integer(name, id, 0, Integer.MAX_VALUE);
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

    private static BridgeTowerTextConfig read(ConfigFields file, BridgeTowerTextConfig defaults)
            throws MalformedFileException {
        ConfigFields section = file.section("text_config", MODEL_TYPE);
        return section == null ? defaults : section(section, "text_config", defaults);
    }

    /** From the fields of this configuration alone. */
    static BridgeTowerTextConfig section(ConfigFields fields, String name, BridgeTowerTextConfig defaults)
            throws MalformedFileException {
        FieldValues values = FIELDS.read(fields, defaults.values());
        return fields.build(name + ".", () -> new BridgeTowerTextConfig(values));
    }

    /**
     * Length of the longest text, padding left out: with absolute positions they count from {@code padTokenId + 1} to
     * the last row of the position embedding, with relative ones a distance may be as long as there are rows.
     */
    public int maxTokens() {
        return switch (positionEmbeddingType()) {
            case ABSOLUTE -> Math.max(0, maxPositionEmbeddings() - padTokenId() - 1);
            case RELATIVE_KEY, RELATIVE_KEY_QUERY -> maxPositionEmbeddings();
        };
    }

    /** Rows of the word embedding. */
    public int vocabSize() {
        return get(VOCAB_SIZE);
    }

    /** Width of the layers. */
    public int hiddenSize() {
        return get(HIDDEN_SIZE);
    }

    /** Number of layers; may be 0 where there is one cross-modal layer. */
    public int numHiddenLayers() {
        return get(NUM_HIDDEN_LAYERS);
    }

    /** Attention heads per layer; a divisor of the hidden size. */
    public int numAttentionHeads() {
        return get(NUM_ATTENTION_HEADS);
    }

    /** Inner width of the feed-forward blocks. */
    public int intermediateSize() {
        return get(INTERMEDIATE_SIZE);
    }

    /** Activation of the feed-forward blocks: GELU, RELU, SILU or GELU_NEW. */
    public Activation hiddenAct() {
        return get(HIDDEN_ACT);
    }

    /** Dropout after each block; only training uses it. */
    public double hiddenDropoutProb() {
        return get(HIDDEN_DROPOUT_PROB);
    }

    /** Dropout of attention probabilities; only training uses it. */
    public double attentionProbsDropoutProb() {
        return get(ATTENTION_PROBS_DROPOUT_PROB);
    }

    /** Rows of the position embedding: the padding row and those before it included. */
    public int maxPositionEmbeddings() {
        return get(MAX_POSITION_EMBEDDINGS);
    }

    /** Rows of the token type embedding; a {@code Checkpoint} whose config.json leaves it out has as many as its weights. */
    public int typeVocabSize() {
        return get(TYPE_VOCAB_SIZE);
    }

    /** Scale of randomly initialised weights. */
    public double initializerFactor() {
        return get(INITIALIZER_FACTOR);
    }

    /** Epsilon of the LayerNorms, the cross-modal layers' included. */
    public double layerNormEps() {
        return get(LAYER_NORM_EPS);
    }

    /** Where positions come in. */
    public PositionEmbeddingType positionEmbeddingType() {
        return get(POSITION_EMBEDDING_TYPE);
    }

    /** Whether self-attention is causal. */
    public boolean isDecoder() {
        return get(IS_DECODER);
    }

    /** Whether a decoder layer has a cross-attention block. */
    public boolean addCrossAttention() {
        return get(ADD_CROSS_ATTENTION);
    }

    /** Whether a decoder returns keys and values. */
    public boolean useCache() {
        return get(USE_CACHE);
    }

    /** Token that positions skip; a row of the word embedding. */
    public int padTokenId() {
        return get(PAD_TOKEN_ID);
    }

    /** Token that starts a text. */
    public int bosTokenId() {
        return get(BOS_TOKEN_ID);
    }

    /** Tokens that end a text, one or more. */
    public List<Integer> eosTokenIds() {
        return get(EOS_TOKEN_IDS);
    }

    /** Sets what differs from the defaults. Each method sets the field whose accessor has its name. */
    public static final class Builder {
        private FieldValues values;

        private Builder(FieldValues values) {
            this.values = values;
        }

        public Builder vocabSize(int value) {
            return set(VOCAB_SIZE, value);
        }

        public Builder hiddenSize(int value) {
            return set(HIDDEN_SIZE, value);
        }

        public Builder numHiddenLayers(int value) {
            return set(NUM_HIDDEN_LAYERS, value);
        }

        public Builder numAttentionHeads(int value) {
            return set(NUM_ATTENTION_HEADS, value);
        }

        public Builder intermediateSize(int value) {
            return set(INTERMEDIATE_SIZE, value);
        }

        public Builder hiddenAct(Activation value) {
            return set(HIDDEN_ACT, value);
        }

        public Builder hiddenDropoutProb(double value) {
            return set(HIDDEN_DROPOUT_PROB, value);
        }

        public Builder attentionProbsDropoutProb(double value) {
            return set(ATTENTION_PROBS_DROPOUT_PROB, value);
        }

        public Builder maxPositionEmbeddings(int value) {
            return set(MAX_POSITION_EMBEDDINGS, value);
        }

        public Builder typeVocabSize(int value) {
            return set(TYPE_VOCAB_SIZE, value);
        }

        public Builder initializerFactor(double value) {
            return set(INITIALIZER_FACTOR, value);
        }

        public Builder layerNormEps(double value) {
            return set(LAYER_NORM_EPS, value);
        }

        public Builder positionEmbeddingType(PositionEmbeddingType value) {
            return set(POSITION_EMBEDDING_TYPE, value);
        }

        public Builder isDecoder(boolean value) {
            return set(IS_DECODER, value);
        }

        public Builder addCrossAttention(boolean value) {
            return set(ADD_CROSS_ATTENTION, value);
        }

        public Builder useCache(boolean value) {
            return set(USE_CACHE, value);
        }

        public Builder padTokenId(int value) {
            return set(PAD_TOKEN_ID, value);
        }

        public Builder bosTokenId(int value) {
            return set(BOS_TOKEN_ID, value);
        }

        public Builder eosTokenIds(List<Integer> value) {
            return set(EOS_TOKEN_IDS, List.copyOf(value));
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
        public BridgeTowerTextConfig build() {
            return new BridgeTowerTextConfig(values);
        }

        private <T> Builder set(Field<T> field, T value) {
            values = values.with(field, value);
            return this;
        }
    }
}
