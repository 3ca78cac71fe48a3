package io.bridgetower.model;

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
                + linear(1, 2 * hidden, 2);
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
                + config.numHiddenLayers() * linear(tokens, hidden, hidden);
    }

    /** The image tower, as far as it is read, and its bridges for one image. */
    public long imageEncoding(long tokens) {
        BridgeTowerVisionConfig vision = config.visionConfig();
        long width = vision.hiddenSize(), patch = vision.patchSize();
        long block = attention(tokens, tokens, width) + feedForward(tokens, width, vision.intermediateSize());
        return linear(tokens - 1, patch * patch * vision.numChannels(), width)
                + config.numVisionBlocks() * block
                + config.numHiddenLayers() * linear(tokens, width, hidden);
    }

    /** Either side's layer for {@code rows} rows, which attend to one side and then to the other. */
    private long crossModalLayer(long rows, long textTokens, long imageTokens) {
        return crossModalAttention(textAttention(rows, textTokens), textTokens, rows)
                + crossModalAttention(textAttention(rows, imageTokens), rows, imageTokens)
                + feedForward(rows, hidden, inner);
    }

    /** {@code projected} operations, or those of the absorption between few rows and many where that pays. */
    private long crossModalAttention(long projected, long few, long many) {
        BridgeTowerTextConfig text = config.textConfig();
        boolean absolute = text.positionEmbeddingType() == PositionEmbeddingType.ABSOLUTE;
        return absolute && absorbs(few, many, text.numAttentionHeads(), hidden)
                ? absorbedAttention(few, many, text.numAttentionHeads(), hidden)
                : projected;
    }

    private long poolers() {
        return 2 * linear(1, hidden, hidden);
    }

    /** Attention as in the text tower, where relative positions add a product or two to the scores. */
    private long textAttention(long rows, long keys) {
        int added = switch (config.textConfig().positionEmbeddingType()) {
            case ABSOLUTE -> 0;
            case RELATIVE_KEY -> 1;
            case RELATIVE_KEY_QUERY -> 2;
        };
        return attention(rows, keys, hidden) + added * linear(rows, hidden, keys);
    }

    /** Query and output of {@code rows}, keys and values of {@code keys}, and the two products between them. */
    private static long attention(long rows, long keys, long width) {
        return 2 * linear(rows, width, width) + 2 * linear(keys, width, width) + 2 * linear(rows, width, keys);
    }

    /**
     * Whether an {@link Absorption} is the way to attend, from few rows to many or from many to few: where it saves a third
     * of the operations, for it is slower at each of them.
     */
    static boolean absorbs(long few, long many, long heads, long width) {
        return 3 * absorbedAttention(few, many, heads, width) < 2 * attention(few, many, width);
    }

    /** All four projections of the few rows, and two products with the many, as wide as all heads for each head. */
    private static long absorbedAttention(long few, long many, long heads, long width) {
        return 4 * linear(few, width, width) + 2 * linear(heads * few, width, many);
    }

    private static long feedForward(long rows, long width, long inner) {
        return linear(rows, width, inner) + linear(rows, inner, width);
    }

    private static long linear(long rows, long in, long out) {
        return 2 * rows * in * out;
    }
}
