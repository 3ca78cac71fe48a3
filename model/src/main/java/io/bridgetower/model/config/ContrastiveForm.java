package io.bridgetower.model.config;

/** From what the contrastive heads make the vectors of texts and images. */
public enum ContrastiveForm {
    /** As Transformers: the class token of an image is carried over the last bridge, token type included. */
    TRANSFORMERS,
    /** As the authors' code: the class token of an image is projected as its tower leaves it. */
    ORIGINAL
}
