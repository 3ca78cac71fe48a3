package io.bridgetower.model;

import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.config.PositionEmbeddingType;
import io.bridgetower.model.layers.absorbed.AttentionCost;

/**
 * Counts the floating-point operations that a result needs, two for each multiply-add of a matrix product. What is added
 * elementwise (LayerNorm, softmax, activations) is not counted: it is about a hundredth.
 */
public final class Operations {
    private final BridgeTowerConfig config;
    private final long hidden;
    private final long inner;

    /** @param config of the model that is counted */
    public Operations(BridgeTowerConfig config) {
        this.config = config;
        hidden = config.hiddenSize();
        inner = config.textConfig().intermediateSize();
    }

    /**
     * Matching one text with one image: both towers, all bridges, and cross-modal layers of which the last computes no
     * more than the first rows of text and image.
     *
     * @param textTokens tokens of the text
     * @param imageTokens tokens of the image, the class token included
     */
    public long matching(long textTokens, long imageTokens) {
        long layers = config.numHiddenLayers();
        long inFull = (layers - 1)
                * (crossModalLayer(textTokens, textTokens, imageTokens)
                        + crossModalLayer(imageTokens, textTokens, imageTokens));
        long last = 2 * crossModalLayer(1, textTokens, imageTokens);
        return textEncoding(textTokens)
                + imageEncoding(imageTokens)
                + inFull
                + last
                + poolers()
                + AttentionCost.linear(1, 2 * hidden, 2);
    }

    /** All features of one pair, and the poolers. */
    public long features(long textTokens, long imageTokens) {
        long layer = crossModalLayer(textTokens, textTokens, imageTokens)
                + crossModalLayer(imageTokens, textTokens, imageTokens);
        return textEncoding(textTokens) + imageEncoding(imageTokens) + config.numHiddenLayers() * layer + poolers();
    }

    /** The text tower and its bridges for one text. */
    public long textEncoding(long tokens) {
        long layer = textAttention(tokens, tokens) + feedForward(tokens, hidden, inner);
        return config.textConfig().numHiddenLayers() * layer
                + config.numHiddenLayers() * AttentionCost.linear(tokens, hidden, hidden);
    }

    /** The image tower, as far as it is read, and its bridges for one image. */
    public long imageEncoding(long tokens) {
        BridgeTowerVisionConfig vision = config.visionConfig();
        long width = vision.hiddenSize(), patch = vision.patchSize();
        long block =
                AttentionCost.attention(tokens, tokens, width) + feedForward(tokens, width, vision.intermediateSize());
        return AttentionCost.linear(tokens - 1, patch * patch * vision.numChannels(), width)
                + config.numVisionBlocks() * block
                + config.numHiddenLayers() * AttentionCost.linear(tokens, width, hidden);
    }

    /** Either side's layer for {@code rows} rows, which attend to one side and then to the other. */
    private long crossModalLayer(long rows, long textTokens, long imageTokens) {
        return crossModalAttention(textAttention(rows, textTokens), textTokens, rows)
                + crossModalAttention(textAttention(rows, imageTokens), rows, imageTokens)
                + feedForward(rows, hidden, inner);
    }

    /** {@code projected} operations, or those of the absorption between few rows and many where that is cheaper. */
    private long crossModalAttention(long projected, long few, long many) {
        BridgeTowerTextConfig text = config.textConfig();
        boolean absolute = text.positionEmbeddingType() == PositionEmbeddingType.ABSOLUTE;
        return absolute && AttentionCost.isAbsorbedCheaper(few, many, text.numAttentionHeads(), hidden)
                ? AttentionCost.absorbedAttention(few, many, text.numAttentionHeads(), hidden)
                : projected;
    }

    private long poolers() {
        return 2 * AttentionCost.linear(1, hidden, hidden);
    }

    /** Attention as in the text tower, where relative positions add a product or two to the scores. */
    private long textAttention(long rows, long keys) {
        int added = switch (config.textConfig().positionEmbeddingType()) {
            case ABSOLUTE -> 0;
            case RELATIVE_KEY -> 1;
            case RELATIVE_KEY_QUERY -> 2;
        };
        return AttentionCost.attention(rows, keys, hidden) + added * AttentionCost.linear(rows, hidden, keys);
    }

    private static long feedForward(long rows, long width, long inner) {
        return AttentionCost.linear(rows, width, inner) + AttentionCost.linear(rows, inner, width);
    }
}
