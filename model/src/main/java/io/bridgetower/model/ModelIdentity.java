package io.bridgetower.model;

import io.bridgetower.files.Sha256;
import io.bridgetower.model.checkpoint.Weights;
import io.bridgetower.model.checkpoint.WeightsIdentity;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.config.FieldRange;
import io.bridgetower.model.runtime.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Which model made something: its weights, how they are held in memory and multiplied, and the fields of the configuration that decide
 * what is computed with them. The weights are read only when another load or a file makes it necessary.
 */
final class ModelIdentity {
    /** To be raised with any change of what is hashed, or of the arithmetic beyond the last bits of its results. */
    private static final String VERSION = "1";

    private static final String[] TRUNK = {"text_model.", "vision_model.", "cross_modal_", "token_type_"};

    private final Precision precision;
    private final String settings;
    private final WeightsIdentity weights;

    /** That of the trunk; null where this is that of a trunk. */
    private final ModelIdentity trunk;

    private volatile String fingerprint;

    private ModelIdentity(Precision precision, String settings, WeightsIdentity weights, ModelIdentity trunk) {
        this.precision = precision;
        this.settings = settings;
        this.weights = weights;
        this.trunk = trunk;
    }

    static ModelIdentity ofTrunk(Weights trunk, BridgeTowerConfig config, Precision precision) {
        return new ModelIdentity(precision, settings(config), trunk.identity(TRUNK), null);
    }

    /**
     * That of a model with a head on this trunk.
     *
     * @param settings what else decides what the head computes, as lines {@code key=value}
     * @param parts beginnings of the names of the head's tensors
     */
    ModelIdentity withHead(Weights heads, String settings, String... parts) {
        return new ModelIdentity(precision, settings, heads.identity(parts), this);
    }

    /**
     * A text that is the same for the same model, whenever and from whichever kind of file it is loaded.
     *
     * @throws UncheckedIOException if the weights cannot be read, or have changed since the model was loaded
     */
    String fingerprint() {
        String known = fingerprint;
        if (known != null) return known;
        String hash;
        try {
            hash = weights.sha256();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String all = (trunk == null ? "" : trunk.fingerprint()) + "\n" + settings + hash;
        fingerprint = VERSION + "-" + precision.id() + "-" + Sha256.hex(all);
        return fingerprint;
    }

    /** Whether both are of the same model; throws as {@link #fingerprint}. */
    boolean isSame(ModelIdentity other) {
        if (this == other) return true;
        if (!precision.equals(other.precision) || !settings.equals(other.settings)) return false;
        return weights.isOfSameFiles(other.weights) || fingerprint().equals(other.fingerprint());
    }

    /**
     * What the configuration says that the names and shapes of the weights do not. A field that is added to this list later
     * has no line where it has its default, so that older fingerprints stay valid.
     */
    static String settings(BridgeTowerConfig config) {
        BridgeTowerTextConfig text = config.textConfig();
        BridgeTowerVisionConfig vision = config.visionConfig();
        Settings settings = new Settings()
                .add("share_cross_modal_transformer_layers", config.shareCrossModalTransformerLayers())
                .add("share_link_tower_layers", config.shareLinkTowerLayers())
                .add("link_tower_type", config.linkTowerType())
                .add("layer_norm_eps", config.layerNormEps())
                .add("num_hidden_layers", config.numHiddenLayers())
                .add("text_config.num_hidden_layers", text.numHiddenLayers())
                .add("text_config.num_attention_heads", text.numAttentionHeads())
                .add("text_config.hidden_act", text.hiddenAct())
                .add("text_config.layer_norm_eps", text.layerNormEps())
                .add("text_config.position_embedding_type", text.positionEmbeddingType())
                .add("text_config.is_decoder", text.isDecoder())
                .add("text_config.pad_token_id", text.padTokenId())
                .add("vision_config.num_hidden_layers", vision.numHiddenLayers())
                .add("vision_config.remove_last_layer", vision.removeLastLayer())
                .add("vision_config.image_size", vision.imageSize())
                .add("vision_config.patch_size", vision.patchSize())
                .add("vision_config.layer_norm_eps", vision.layerNormEps());
        config.crossModalLayerNormEps().ifPresent(value -> settings.add("cross_modal_layer_norm_eps", value));
        return settings.toString();
    }

    /** Lines {@code key=value}. */
    static final class Settings {
        private final StringBuilder lines = new StringBuilder();

        Settings add(String key, Object value) {
            String text = value instanceof Enum<?> choice ? FieldRange.jsonName(choice) : value.toString();
            lines.append(key).append('=').append(text).append('\n');
            return this;
        }

        @Override
        public String toString() {
            return lines.toString();
        }
    }
}
