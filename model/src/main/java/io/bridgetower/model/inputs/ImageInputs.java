package io.bridgetower.model.inputs;

import io.bridgetower.engine.Tensor;

/**
 * A batch of images as a model takes them. The tensors stay the caller's, who must not close them or change their elements
 * while a call runs. Their memory may be confined to the calling thread, which then copies it for the other threads of the
 * model; memory that is confined to another thread is refused with a {@link WrongThreadException}.
 *
 * @param pixelValues [images, channels, height, width]; null where there are embeddings instead
 * @param imageEmbeds patch embeddings as they enter the first block, class token first, [images, tokens, vision hidden];
 *     null where there are pixels
 * @param tokenTypeIdx which row of the token type embeddings is added to image tokens: 1, or 2 for the second image of a
 *     model that compares two; 0 is that of texts
 * @param interpolatePosEncoding whether position embeddings are resized to images of another size than the model's
 */
public record ImageInputs(Tensor pixelValues, Tensor imageEmbeds, int tokenTypeIdx, boolean interpolatePosEncoding) {
    /** @throws IllegalArgumentException unless there are either pixels or embeddings, and the type is not negative */
    public ImageInputs {
        if (pixelValues == null == (imageEmbeds == null)) {
            throw new IllegalArgumentException("expected either pixel_values or image_embeds");
        }
        if (pixelValues != null && pixelValues.rank() != 4) {
            throw new IllegalArgumentException(
                    "pixel_values: expected [images, channels, height, width], found " + pixelValues);
        }
        if (imageEmbeds != null && (imageEmbeds.rank() != 3 || imageEmbeds.dim(1) == 0)) {
            throw new IllegalArgumentException("image_embeds: expected [images, tokens, hidden], found " + imageEmbeds);
        }
        if (tokenTypeIdx < 0) {
            throw new IllegalArgumentException("image_token_type_idx: expected 0 or more, found " + tokenTypeIdx);
        }
    }

    /** Images of the size that the model was made for. */
    public static ImageInputs of(Tensor pixelValues) {
        return new ImageInputs(pixelValues, null, 1, false);
    }

    /** Images given as patch embeddings, [images, tokens, vision hidden]. */
    public static ImageInputs ofEmbeddings(Tensor imageEmbeds) {
        return new ImageInputs(null, imageEmbeds, 1, false);
    }

    /** The same with another token type. */
    public ImageInputs withTokenTypeIdx(int idx) {
        return new ImageInputs(pixelValues, imageEmbeds, idx, interpolatePosEncoding);
    }

    /** The same, images of any size that the patch size divides allowed. */
    public ImageInputs withInterpolatePosEncoding(boolean interpolate) {
        return new ImageInputs(pixelValues, imageEmbeds, tokenTypeIdx, interpolate);
    }

    /** Number of images. */
    public int size() {
        return (pixelValues != null ? pixelValues : imageEmbeds).dim(0);
    }
}
