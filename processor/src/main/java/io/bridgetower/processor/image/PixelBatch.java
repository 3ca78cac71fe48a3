package io.bridgetower.processor.image;

import io.bridgetower.engine.Tensor;

/**
 * Images as the model takes them. Both tensors live in the arena that was given to {@link ImageProcessor#preprocess}, or
 * own their memory together, until {@link #close}.
 *
 * @param pixelValues {@code [batch, 3, height, width]}, or {@code [batch, height, width, 3]} with
 *     {@link ChannelOrder#CHANNELS_LAST}; padding is 0
 * @param pixelMask {@code [batch, height, width]}: 1 where there is an image, 0 on padding
 */
public record PixelBatch(Tensor pixelValues, Tensor pixelMask) implements AutoCloseable {
    /** Frees both tensors if they own their memory: {@link Tensor#close} of each. Closing again does nothing. */
    @Override
    public void close() {
        pixelValues.close();
        pixelMask.close();
    }
}
