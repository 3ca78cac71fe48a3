package io.bridgetower.model;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.Weights;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What tells a trunk from others: what decides the numbers that it computes. */
final class ModelFingerprint {
    private static final List<String> PARTS = List.of("text_model.", "vision_model.", "cross_modal_", "token_type_");

    /** Characters of it: enough that two models have the same by accident as good as never. */
    private static final int LENGTH = 32;

    private ModelFingerprint() {}

    static String of(BridgeTowerConfig config, Weights trunk) throws MalformedFileException {
        byte[] weights = trunk.fingerprint(name -> PARTS.stream().anyMatch(name::startsWith));
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(arithmetic(config).toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash.digest(weights)).substring(0, LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** What the configuration says that the names and shapes of the weights do not. */
    private static List<Object> arithmetic(BridgeTowerConfig config) {
        BridgeTowerTextConfig text = config.textConfig();
        BridgeTowerVisionConfig vision = config.visionConfig();
        return List.of(
                config.shareCrossModalTransformerLayers(),
                config.shareLinkTowerLayers(),
                config.linkTowerType(),
                config.layerNormEps(),
                config.numHiddenLayers(),
                text.numHiddenLayers(),
                text.numAttentionHeads(),
                text.hiddenAct(),
                text.layerNormEps(),
                text.positionEmbeddingType(),
                text.padTokenId(),
                vision.numHiddenLayers(),
                vision.removeLastLayer(),
                vision.layerNormEps());
    }
}
