package io.bridgetower.langchain4j;

/**
 * Which vectors an embedding model makes. BridgeTower has three heads: for texts, for images, and for an image and a text that the
 * cross-modal encoder has read together.
 */
public enum EmbeddingSpace {
    /**
     * Texts and images each by themselves; an input that has both gets the vector of both together. Training compares all
     * three with each other, so that a text finds images, and images with texts. The default.
     *
     * <p>Vectors of different kinds are at different distances: a text is nearer to texts than to the images that it
     * describes. A store should therefore hold vectors of one kind, or searches should filter by it.
     */
    SHARED,

    /** Only texts and images each by themselves; an input that has both is refused. For checkpoints without a head for both. */
    SEPARATE,

    /** Only images and texts together; an input that has one of them alone is refused. */
    JOINT
}
